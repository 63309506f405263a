"""What a pasted text says of its source: from the text and the address alone; nothing is fetched."""

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote, urlsplit

_ADDRESS = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_ARCHIVES = (
    "web.archive.org",
    "archive.org",
    "archive.today",
    "archive.ph",
    "archive.is",
    "perma.cc",
    "ghostarchive.org",
)
_ISO = re.compile(r"(?<!\d)(20\d\d)[-/](0[1-9]|1[0-2])[-/](0[1-9]|[12]\d|3[01])(?!\d)")
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"),
        1,
    )
    for name in names.split()
}  # fmt: skip
_DAY_FIRST = re.compile(r"\b(\d{1,2})\.? ([A-Za-z]{3,9})\.?,? (20\d\d)\b")
_MONTH_FIRST = re.compile(r"\b([A-Za-z]{3,9})\.? (\d{1,2}),? (20\d\d)\b")
_QUOTED = re.compile(r"[“\"«„]([^“”\"«»„]{12,2000})[”\"»“]")
_BY = re.compile(r"^\s*by\s+([^\d|,.]{3,80})", re.IGNORECASE)


@dataclass(frozen=True)
class Guess:
    """What the text seems to say; empty where it says nothing."""

    title: str = ""
    publisher: str = ""
    author: str = ""
    address: str = ""
    archived: str = ""
    quote: str = ""
    published: date | None = None


def guess(pasted: str) -> Guess:
    """Title, publisher, author, address, date and quote, as far as the text has them."""
    written = [found.rstrip(".,;:)]}") for found in _ADDRESS.findall(pasted)]
    addresses = [one for one in written if _host(one)]
    archived = next((one for one in addresses if _host(one).removeprefix("www.") in _ARCHIVES), "")
    address = next((one for one in addresses if one != archived), "")
    if not address and "/http" in archived:
        address = archived[archived.index("/http") + 1 :]
    lines = [line.strip() for line in _ADDRESS.sub(" ", pasted).splitlines() if line.strip()]
    quotes = _QUOTED.findall(pasted)
    author = next((match[1].strip() for line in lines if (match := _BY.match(line))), "")
    title, publisher = _title(lines, address)
    return Guess(
        title=title[:300],
        publisher=(publisher or _publisher(address))[:160],
        author=author[:160],
        address=address[:500],
        archived=archived[:500],
        quote=max(quotes, key=len, default="").strip(),
        published=_day(f"{pasted} {urlsplit(address).path if address else ''}"),
    )


def _title(lines: list[str], address: str) -> tuple[str, str]:
    """The first line that reads like a headline, and the publisher behind its bar; else the address's last words."""
    for line in lines:
        if len(line.split()) < 3 or _BY.match(line) or line[0] in '“"«„':
            continue
        for bar in (" | ", " – ", " — ", " - "):
            head, found, tail = line.rpartition(bar)
            if found and len(tail.split()) <= 5 and len(head.split()) >= 3:
                return head, tail
        return line, ""
    last = unquote(urlsplit(address).path.rstrip("/").rpartition("/")[2]) if address else ""
    words = re.sub(r"[-_]+", " ", last.rpartition(".")[0] or last).strip()
    return (words[:1].upper() + words[1:], "") if len(words.split()) >= 3 else ("", "")


def _publisher(address: str) -> str:
    """The site's own name in its address."""
    host = _host(address).removeprefix("www.")
    return host if host else ""


def _host(address: str) -> str:
    """The host, in small letters; empty where the address is none."""
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def _day(text: str) -> date | None:
    for match in _ISO.finditer(text):
        if found := _date(int(match[1]), int(match[2]), int(match[3])):
            return found
    for match in _DAY_FIRST.finditer(text):
        if found := _date(int(match[3]), _MONTHS.get(match[2].lower(), 0), int(match[1])):
            return found
    for match in _MONTH_FIRST.finditer(text):
        if found := _date(int(match[3]), _MONTHS.get(match[1].lower(), 0), int(match[2])):
            return found
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
