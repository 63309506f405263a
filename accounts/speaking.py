"""In which language we speak when nobody is there who has chosen one.

Pages speak their reader's language. What is kept, mailed or handed out as a file says the same to everybody who reads
it later, so it is in the site's own: English. Each such place says so here, and relies on no language that the thread
happens to have.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.utils import translation

P = ParamSpec("P")
R = TypeVar("R")


def in_english() -> AbstractContextManager[None]:
    """All that is said inside is in the site's own language."""
    return translation.override(settings.LANGUAGE_CODE)


def in_language(code: str) -> AbstractContextManager[None]:
    """What is said inside is in this language where it is one of ours, else in the site's own."""
    ours = code.split("-")[0].lower()
    return translation.override(ours if ours in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)


def always_english(function: Callable[P, R]) -> Callable[P, R]:
    """A function that speaks the site's own language, whoever calls it."""

    @wraps(function)
    def speak(*args: P.args, **kwargs: P.kwargs) -> R:
        with in_english():
            return function(*args, **kwargs)

    return speak


def pieces_in_english(function: Callable[P, Iterator[str]]) -> Callable[P, Iterator[str]]:
    """The same for what is made piece by piece: between the pieces the reader's language is as it was."""

    @wraps(function)
    def speak(*args: P.args, **kwargs: P.kwargs) -> Iterator[str]:
        pieces = function(*args, **kwargs)
        while True:
            with in_english():
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece

    return speak


def again(kept: str) -> str:
    """What was kept in English, in the language of whoever reads it now, where it is a sentence of ours."""
    return translation.gettext(kept) if kept else ""
