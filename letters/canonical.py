"""The one form of a text in which its SHA-256 names it: who has the words can reckon the name (docs/versions.md)."""

import hashlib
import json
import unicodedata
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Translation:
    """One more language of a text. `behind`: it was made from words that the original no longer has."""

    language: str
    title: str
    body: str
    demands: list[str]
    behind: bool = False

    def parts(self) -> dict[str, Any]:
        """What of it is text, normalised."""
        return _parts(title=self.title, body=self.body, demands=self.demands, language=self.language)

    def kept(self) -> dict[str, Any]:
        """As a version keeps it."""
        return self.parts() | {"behind": self.behind}


@dataclass(frozen=True, kw_only=True)
class Text:
    """What a version consists of; its SHA-256 names it."""

    title: str
    body: str
    demands: list[str]
    addressees: list[str]
    language: str = "en"
    translations: list[Translation] = field(default_factory=list)

    def canonical(self) -> bytes:
        """One byte string for one text: NFC, LF, no trailing spaces, a final newline, sorted keys and languages.

        Where there is one language alone, nothing is said of others.
        """
        parts = self._own() | {"addressees": [line(text) for text in self.addressees]}
        if self.translations:
            parts["translations"] = sorted((one.parts() for one in self.translations), key=lambda one: one["language"])
        return _bytes(parts)

    def sha256(self) -> str:
        """The version's name."""
        return hashlib.sha256(self.canonical()).hexdigest()

    def original_sha256(self) -> str:
        """The name of the words that a translation is made from."""
        return original_sha256(title=self.title, body=self.body, demands=self.demands, language=self.language)

    def normal(self) -> "Text":
        """The same text as it is kept: what a page shows is what was hashed."""
        own = self._own()
        return Text(
            title=own["title"],
            body=own["body"],
            demands=own["demands"],
            addressees=[line(text) for text in self.addressees],
            language=self.language,
            translations=sorted((Translation(**one.kept()) for one in self.translations), key=lambda one: one.language),
        )

    def _own(self) -> dict[str, Any]:
        return _parts(title=self.title, body=self.body, demands=self.demands, language=self.language)


def original_sha256(*, title: str, body: str, demands: list[str], language: str) -> str:
    """The name of an original's words alone."""
    return hashlib.sha256(_bytes(_parts(title=title, body=body, demands=demands, language=language))).hexdigest()


def line(text: str) -> str:
    """One line: NFC, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def block(text: str) -> str:
    """Lines: NFC, LF, no spaces at their ends, one newline at the end."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(one.rstrip() for one in lines).strip("\n") + "\n"


def _parts(*, title: str, body: str, demands: list[str], language: str) -> dict[str, Any]:
    return {
        "body": block(body),
        "demands": [line(text) for text in demands],
        "language": language,
        "title": line(title),
    }


def _bytes(parts: dict[str, Any]) -> bytes:
    return (json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()
