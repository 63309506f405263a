"""The writing room: several people, one text, nothing lost (docs/writing.md)."""


class NotPossible(Exception):
    """What was asked cannot be done; the text says why and what to do, `field` where."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field
