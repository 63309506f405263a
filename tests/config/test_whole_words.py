"""Spanish has words for everything that can be seen, Arabic for the way of a signer, and nothing is left unmarked."""

import ast
import re
from functools import cache
from html.parser import HTMLParser

from django.template.base import Lexer, TokenType

from config import messages

# The way of somebody who reads, signs, looks at the people and takes it back; and the pages that say what went wrong.
JOURNEY = (
    "campaign/templates/campaign/_letter_card.html",
    "campaign/templates/campaign/_on_a_day.html",
    "campaign/templates/campaign/_scoreboard.html",
    "campaign/templates/campaign/campaign.html",
    "campaign/templates/campaign/home.html",
    "campaign/templates/campaign/letter.html",
    "campaign/templates/campaign/share.html",
    "campaign/templates/campaign/version",
    "config/templates/4",
    "config/templates/5",
    "config/templates/_partials/",
    "config/templates/accessibility.html",
    "config/templates/base.html",
    "config/templates/forms/",
    "config/templatetags/",
    "letters/codes.py",
    "letters/forms.py",
    "letters/signing_forms.py",
    "letters/models/signatures.py",
    "letters/names.py",
    "letters/signing.py",
    "letters/templates/letters/",
    "letters/views.py",
    "letters/withdrawing.py",
)
_TAKEN_AS_IT_IS = {"code", "pre", "style", "textarea"}
_SHOWN = {"alt", "aria-label", "label", "placeholder", "title"}
_LETTERS = re.compile(r"[A-Za-z]{2}")
# Names that are the same in every language, what blocks tell robots and sheets, and a command to copy.
_SAME = re.compile(r"\b(sha256(sum)?|JSON|(no)?(index|follow)(noindex)?|wrap(--narrow)?|organise|account|curl -s .*)\b")

strings = cache(messages.template)


def without_words(language: str, *only: str) -> list[object]:
    kept = {(one.context, one.id): one for one in messages.read(language) if one.id}
    lacking = []
    for string in strings():
        places = [name for name, _line in string.locations]
        found = kept.get((string.context, string.id))
        wanted = string.id and any(name.startswith(only or "") for name in places)
        if wanted and (found is None or not messages.is_translated(found)):
            lacking.append((places[0], string.id))
    return lacking


def test_spanish_has_words_for_everything():
    assert without_words("es") == [], "run `make messages`, then translate what it finds"


def test_arabic_has_words_for_the_way_of_a_signer():
    assert without_words("ar", *JOURNEY) == []


class _Unmarked(HTMLParser):
    """Collects what a reader sees of a template whose marked strings were taken out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in _SHOWN and value and _LETTERS.search(value)]
        self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        said = _SAME.sub("", data)
        if _LETTERS.search(said) and not _TAKEN_AS_IT_IS & set(self._inside):
            self.found.append(data.strip())


def unmarked(text: str) -> list[str]:
    pieces, marked = [], False
    for token in Lexer(text).tokenize():
        if token.token_type == TokenType.BLOCK:
            word = token.contents.split()[0]
            marked = word in {"blocktranslate", "comment"} or (marked and not word.startswith("end"))
        elif token.token_type == TokenType.TEXT and not marked:
            pieces.append(token.contents)
    parser = _Unmarked()
    parser.feed("".join(pieces))
    return parser.found


def test_every_word_of_a_template_is_marked_for_translation():
    """But for the gallery, which is shown to those who build these pages."""
    pages = [path for path in messages.sources() if path.suffix == ".html" and "gallery" not in str(path)]
    found = {str(path.relative_to(messages.ROOT)): unmarked(path.read_text()) for path in pages}

    assert {name: words for name, words in found.items() if words} == {}


def test_no_string_hides_inside_another_where_it_is_not_found():
    """Whether a call inside an f-string is seen depends on the Python that looks for it."""
    hidden = [
        f"{path.relative_to(messages.ROOT)}:{call.lineno}"
        for path in messages.sources()
        if path.suffix == ".py"
        for text in ast.walk(ast.parse(path.read_text()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in {"_", "ngettext"}
    ]

    assert hidden == []


def test_a_word_that_is_not_marked_is_found():
    assert unmarked('<p aria-label="Hello">{% translate "Hi" %} there</p>') == ["Hello", "there"]
