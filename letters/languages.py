"""Languages that a letter may be written in: their own names, and which way they run."""

from dataclasses import dataclass

from django.conf.locale import LANG_INFO
from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

_RTL = {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ku-arab", "ps", "sd", "ug", "ur", "yi"}


@dataclass(frozen=True)
class Reading:
    """One language in which a letter can be read."""

    code: str
    name: str  # in the language itself
    direction: str
    behind: bool = False


def known() -> dict[str, str]:
    """Every language that may be chosen, by its own name."""
    names = {code: info["name_local"] for code, info in LANG_INFO.items() if "name_local" in info}
    return dict(sorted(names.items(), key=lambda pair: pair[1].casefold()))


def name(code: str) -> str:
    """What its speakers call it; the code itself where that is not known."""
    info = LANG_INFO.get(code.lower()) or LANG_INFO.get(code.split("-")[0].lower()) or {}
    return str(info.get("name_local", code))


def direction(code: str) -> str:
    """Which way it is written."""
    lower = code.lower()
    return "rtl" if lower in _RTL or lower.split("-")[0] in _RTL or "-arab" in lower or "-hebr" in lower else "ltr"


def reading(code: str, *, behind: bool = False) -> Reading:
    """The language as a page offers it."""
    return Reading(code, name(code), direction(code), behind)


def asked_for(request: HttpRequest) -> str:
    """The language that the reader chose by `?lang=`; otherwise the first that her browser asks for; may be empty.

    Only what could be a letter's language: it names where a page is kept, and nobody may make up as many as she likes.
    """
    if request.GET.get("lang"):
        return chosen(request)
    wanted = [code for code, _weight in parse_accept_lang_header(_header(request))]
    return next((code for code in (_plausible(one) for one in wanted) if code), "")


def chosen(request: HttpRequest) -> str:
    """The language that the address itself names by `?lang=`, whoever asks; empty where it names none."""
    return _plausible(request.GET.get("lang", ""))


def _header(request: HttpRequest) -> str:
    return request.headers.get("Accept-Language", "")[:200]


def _plausible(code: str) -> str:
    lower = code.lower()
    return lower if lower in LANG_INFO else next((one for one in (lower.split("-")[0],) if one in LANG_INFO), "")


def fitting(wanted: str, offered: list[str]) -> str | None:
    """Which of the offered languages comes nearest to the one wanted; None when none does."""
    by_lower = {code.lower(): code for code in offered}
    if wanted in by_lower:
        return by_lower[wanted]
    short = wanted.split("-")[0]
    return next((code for lower, code in by_lower.items() if short and lower.split("-")[0] == short), None)
