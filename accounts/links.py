"""Signed tokens for links: each is good for one purpose, carries a few words, and holds nothing secret."""

from datetime import timedelta

from django.core import signing


class BadLink(Exception):
    """The token is not ours, is for another purpose, or is too old."""


def make(*, purpose: str, **data: str) -> str:
    """A token that `read` understands for the same purpose; fit for one segment of a path."""
    return signing.dumps(data, salt=_salt(purpose), compress=True)


def read(*, purpose: str, token: str, max_age: timedelta | None = None) -> dict[str, str]:
    """What `make` was given. Raises BadLink."""
    try:
        found = signing.loads(token, salt=_salt(purpose), max_age=max_age)
    except (signing.BadSignature, ValueError) as error:
        raise BadLink from error
    return {str(name): str(value) for name, value in found.items()}


def _salt(purpose: str) -> str:
    return f"undersigned/link/{purpose}"
