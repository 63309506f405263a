"""The embedded default: everything the product runs on, started and ended by one command.

Nothing else in the product imports this package, and nothing else asks whether it is in use.
"""
