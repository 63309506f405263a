"""A letter's Markdown as HTML that may stand on a page: no raw HTML, no pictures, links to https and mailto alone."""

from functools import lru_cache
from html import unescape

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_markdown = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).disable(["image", "html_inline", "html_block"])
_TAGS = set("p br em strong blockquote ul ol li h2 h3 h4 hr a code pre".split())


@lru_cache(maxsize=256)
def render(markdown: str, *, below: int = 1) -> SafeString:
    """`markdown` as safe HTML. Headings move `below` what stands above them: a page's title is its only h1."""
    html = _markdown.render(markdown)
    for level in (6, 5, 4, 3, 2, 1) if below > 1 else (3, 2, 1):
        lower = min(level + below, 6)
        html = html.replace(f"<h{level}>", f"<h{lower}>").replace(f"</h{level}>", f"</h{lower}>")
    clean = nh3.clean(
        html,
        tags=_TAGS | {"h5", "h6"} if below > 1 else _TAGS,
        attributes={"a": {"href"}},
        generic_attribute_prefixes=set(),
        url_schemes={"https", "mailto"},
        url_relative="deny",
        link_rel="noopener nofollow ugc",
    )
    return mark_safe(clean)  # noqa: S308 - cleaned on the line above


def plain(markdown: str, *, most: int = 200) -> str:
    """The first characters of `markdown` without its marks, for descriptions; whole words."""
    words = " ".join(unescape(nh3.clean(_markdown.render(markdown), tags=set())).split())
    return words if len(words) <= most else words[:most].rsplit(" ", 1)[0] + "…"
