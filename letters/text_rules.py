"""What a letter's text may not hold, each with a sentence that says where and what to do."""

import re
import unicodedata
from urllib.parse import urlsplit

from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from letters import text

MOST_BYTES = 100_000
MOST_LINKS = 200

# Embeddings, overrides and isolates: they let a line read differently from how it is stored and signed.
_TURNING = "\u202a-\u202e\u2066-\u2069"
_HIDDEN = re.compile(
    f"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{_TURNING}\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)


def check(markdown: str) -> None:
    """A form field's validator for a letter's text."""
    if found := problems(markdown):
        raise ValidationError(found)


def check_line(written: str) -> None:
    """A form field's validator for titles and demands."""
    if found := hidden(written):
        raise ValidationError(found)


def problems(markdown: str) -> list[str]:
    """Why `markdown` cannot be a letter's text; nothing when it can."""
    size = len(markdown.encode(errors="surrogatepass"))
    if size > MOST_BYTES:
        return [
            _(
                "This text has %(size)s bytes, and a letter may have %(most)s. Shorten it, or put long material on a"
                " page of its own and link to it. What you wrote is still here."
            )
            % {"size": intcomma(size), "most": intcomma(MOST_BYTES)}
        ]
    return [*hidden(markdown), *_structure(markdown)]


def hidden(written: str) -> list[str]:
    """What stands in `written` that nobody can see; for titles and demands too."""
    found = _HIDDEN.search(written)
    if found is None:
        return []
    line = written.count("\n", 0, found.start()) + 1
    where = {"line": line, "code": f"U+{ord(found[0]):04X}", "before": _before(written, found.start())}
    if re.match(f"[{_TURNING}]", found[0]):
        return [
            _(
                "Line %(line)s has an invisible character (%(code)s, after “%(before)s”) that turns the direction of"
                " reading, so people could sign something else than they see. Take it out; right-to-left text needs"
                " none."
            )
            % where
        ]
    return [_("Line %(line)s has an invisible character (%(code)s, after “%(before)s”). Take it out.") % where]


def remarks(markdown: str) -> list[str]:
    """What a writer should know about how `markdown` is shown."""
    return (
        [_("HTML is shown as you typed it. For bold, lists and links use Markdown.")] if text.has_html(markdown) else []
    )


def _structure(markdown: str) -> list[str]:
    addresses = text.links(markdown)
    found = []
    if len(addresses) > MOST_LINKS:
        found.append(
            ngettext(
                "This text has %(count)s link, and a letter may have %(most)s. Take some out.",
                "This text has %(count)s links, and a letter may have %(most)s. Take some out.",
                len(addresses),
            )
            % {"count": intcomma(len(addresses)), "most": MOST_LINKS}
        )
    wrong = next((address for address in addresses if not _may_lead(address)), None)
    if wrong is not None:
        shown = wrong if len(wrong) <= 60 else wrong[:60] + "…"
        found.append(
            _("A link leads to “%(address)s”. Links begin with https:// or mailto:, so change it or take it out.")
            % {"address": shown}
        )
    if text.is_too_deep(markdown):
        found.append(
            _("Quotes, lists or emphasis stand more than %(most)s deep in each other. Write it flatter.")
            % {"most": text.DEEPEST}
        )
    return found


def _may_lead(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "mailto" or (parts.scheme == "https" and bool(parts.netloc))


def _before(written: str, at: int) -> str:
    """The last letters before a place, to find it by."""
    last = written[max(0, at - 20) : at].rpartition("\n")[2]
    return "".join(one for one in last if unicodedata.category(one)[0] != "C").strip()
