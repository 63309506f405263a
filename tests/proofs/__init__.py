"""What the product promises about signers, shown: small in `make test`, large by environment variable."""
