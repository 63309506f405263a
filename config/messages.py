"""`make messages`: brings every string that may be seen into the catalogues of `config/locale`, and compiles these.

Without GNU gettext: Django turns templates into something that looks like Python, Babel reads that and Python, and
writes the catalogues (docs/languages.md). Nothing is guessed: a string that changed is a new one, without translation.
"""

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
_SAME = datetime(2026, 1, 1, tzinfo=UTC)
LANGUAGES = ("es", "ar")
_APPS = ("accounts", "letters", "campaign", "config")
_TEMPLATES = {".html", ".txt", ".svg"}
_KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def template() -> Catalog:
    """Every string of the sources, with the files that it stands in."""
    catalog = Catalog(charset="utf-8")
    for path in sources():
        name = str(path.relative_to(ROOT))
        for line, string, _comments, context in extract("python", _code(path), keywords=_KEYWORDS):
            catalog.add(string, locations=[(name, line)], context=context)
    return catalog


def path_of(language: str) -> Path:
    """Where the catalogue of a language lies; compiled it lies beside."""
    return ROOT / "config" / "locale" / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """The catalogue of a language as it is kept."""
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language, charset="utf-8")


def compiled(catalog: Catalog) -> bytes:
    """The catalogue as programs read it."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def update(language: str, strings: Catalog) -> tuple[int, int]:
    """Bring a catalogue in line with the sources; answers how many strings there are and how many lack words."""
    path, catalog = path_of(language), read(language)
    catalog.update(strings, no_fuzzy_matching=True)
    # What would only tell when it was written: two runs over the same sources write the same.
    catalog.creation_date = catalog.revision_date = _SAME
    catalog.last_translator = catalog.language_team = catalog.msgid_bugs_address = ""
    with path.open("wb") as file:
        write_po(file, catalog, width=120, include_lineno=False, sort_by_file=True, ignore_obsolete=True)
    path.with_suffix(".mo").write_bytes(compiled(read(language)))
    messages = [message for message in catalog if message.id]
    return len(messages), sum(not is_translated(message) for message in messages)


def is_translated(message: Message) -> bool:
    """Whether it has words, in each of its forms, that somebody stands for."""
    words = message.string if isinstance(message.string, (tuple, list)) else [message.string]
    return all(words) and not message.fuzzy


def main() -> None:
    """Update all catalogues and say what is missing."""
    strings = template()
    for language in LANGUAGES:
        total, missing = update(language, strings)
        sys.stdout.write(f"{language}: {total} strings, {missing} without translation\n")


def sources() -> Iterator[Path]:
    """The files that may have strings."""
    for app in _APPS:
        for path in sorted((ROOT / app).rglob("*")):
            if path.suffix in _TEMPLATES | {".py"} and "migrations" not in path.parts:
                yield path


def _code(path: Path) -> io.BytesIO:
    """The file as Python that calls gettext."""
    text = path.read_text()
    if path.suffix in _TEMPLATES:
        # What is no string became letters without sense; indented, they would be no Python at all.
        text = "\n".join(line.strip() for line in templatize(text).splitlines())
    return io.BytesIO(text.encode())


if __name__ == "__main__":
    main()
