"""A letter's Markdown as HTML that may stand on a page: HTML is shown as it was typed, no pictures, links to https
and mailto alone. Time grows with the length of the text and with nothing else (docs/writing.md)."""

import re
from functools import lru_cache
from html import escape, unescape
from urllib.parse import quote

import nh3
from cmarkgfm.cmark import Options, markdown_to_html
from django.utils.safestring import SafeString, mark_safe

DEEPEST = 20  # quotes, lists and emphasis within each other; what goes deeper is shown as it was typed
_TAGS = set("p br em strong blockquote ul ol li h2 h3 h4 h5 h6 hr a code pre".split())
_NESTING = re.compile(r"<(/?)(?:blockquote|[uo]l|em|strong)\b")

# The renderer would drop HTML and pictures without a word. So it never sees them: `<`, unless it begins an address in
# angle brackets, and the `!` of a picture travel as characters that stand for nothing in Unicode. The cleaner reads
# such characters ten times as fast as the entities that they become in the end: they carry those past it too.
_LESS, _BANG = "\ufdd0", "\ufdd1"
_ENTITIES = {"&lt;": _LESS, "&amp;": "\ufdd2", "&quot;": "\ufdd3", "&gt;": "\ufdd4"}
_RESERVED = re.compile("[\0\ufdd0-\ufdd4]")
_TAG = re.compile(r"</?[A-Za-z][^\s<>]*(?:\s[^<>]{0,200})?>|<!--")
_HREF = re.compile(r'<a href="([^"]*)"')
_IN_ADDRESS = {_LESS: "%3C", _BANG: "!"}
_HTML = re.compile(r"<(?!(?:https://[^\s<>]+|mailto:[^\s<>]+|[\w.+-]+@[\w.-]+)>)")


@lru_cache(maxsize=256)
def render(markdown: str, *, below: int = 1) -> SafeString:
    """`markdown` as safe HTML. Headings move `below` what stands above them: a page's title is its only h1."""
    return preview(markdown, below=below)


def preview(markdown: str, *, below: int = 1) -> SafeString:
    """The same, not remembered: for texts that nobody will ask for again."""
    html = _html(markdown)
    for level in (6, 5, 4, 3, 2, 1) if below > 1 else (3, 2, 1):
        lower = min(level + below, 6)
        html = html.replace(f"<h{level}>", f"<h{lower}>").replace(f"</h{level}>", f"</h{lower}>")
    for entity, carrier in _ENTITIES.items():
        html = html.replace(entity, carrier)
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
        generic_attribute_prefixes=set(),
        url_schemes={"https", "mailto"},
        url_relative="deny",
        link_rel="noopener nofollow ugc",
    )
    for entity, carrier in _ENTITIES.items():
        clean = clean.replace(carrier, entity)
    return mark_safe(clean)  # noqa: S308 - cleaned above; since then only entities came back


def plain(markdown: str, *, most: int = 200) -> str:
    """The first characters of `markdown` without its marks, for descriptions; whole words."""
    words = " ".join(unescape(nh3.clean(_html(markdown), tags=set())).split())
    return words if len(words) <= most else words[:most].rsplit(" ", 1)[0] + "…"


def links(markdown: str) -> list[str]:
    """Where the links of `markdown` lead, those too that a page leaves out."""
    return [unescape(address) for address in _HREF.findall(_marked(_fit(markdown), Options.CMARK_OPT_UNSAFE))]


def is_too_deep(markdown: str) -> bool:
    """Whether `markdown` nests deeper than a reader can follow."""
    return _depth(_marked(_fit(markdown))) > DEEPEST


def has_html(markdown: str) -> bool:
    """Whether something in `markdown` looks like HTML, which a page shows as it was typed."""
    return bool(_TAG.search(markdown))


def _html(markdown: str) -> str:
    markdown = _fit(markdown)
    html = _marked(markdown)
    if _depth(html) > DEEPEST:
        return f"<pre><code>{escape(markdown, quote=False)}</code></pre>"
    for carrier, coded in _IN_ADDRESS.items():  # the renderer has percent-encoded what stands in an address
        html = html.replace(quote(carrier), coded)
    return html.replace(_LESS, "&lt;").replace(_BANG, "!")


def _fit(markdown: str) -> str:
    return _RESERVED.sub("\ufffd", markdown)


def _marked(markdown: str, options: int = 0) -> str:
    return str(markdown_to_html(_HTML.sub(_LESS, markdown).replace("![", f"{_BANG}["), options))


def _depth(html: str) -> int:
    """How deep the tags of `html` stand in each other; counting ends one below the limit."""
    depth = most = 0
    for tag in _NESTING.finditer(html):
        depth += -1 if tag[1] else 1
        most = max(most, depth)
        if most > DEEPEST:
            break
    return most
