"""The HTML of a mail says what its text says, loads nothing and can be read in the dark."""

from html.parser import HTMLParser

from accounts import dress

TEXT = """Dear Carla,

two people have not answered:
  - Ada Boss & Sons <ceo>
  - Bo,
    of Beta

https://letters.example.org/x/?a=1&b=2

Your code:

    ABCD-EFGH

Line one
line two
"""


class Page(HTMLParser):
    """Tags with their attributes, and words by the tag that holds them."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.feed(document)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and data.strip():
            self.words.setdefault(self.open[-1], []).append(data.strip())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_paragraphs_lists_links_and_codes_are_told_apart():
    page = Page(dress.html_of(TEXT))

    assert page.words["li"] == ["Ada Boss & Sons <ceo>", "Bo,", "of Beta"]
    assert page.words["p"] == ["Dear Carla,", "two people have not answered:", "Your code:", "Line one", "line two"]
    assert page.words["code"] == ["ABCD-EFGH"]
    assert [link["href"] for link in page.all("a")] == ["https://letters.example.org/x/?a=1&b=2"]
    assert len(page.all("br")) == 2
    assert page.open == []


def test_what_people_typed_stays_words():
    page = Page(dress.html_of('<script>alert(1)</script>\n\njavascript:alert(1)\n\nhttps://x.example/"onclick="x'))

    assert page.all("script") == []
    assert page.all("a") == []


def test_nothing_is_loaded_and_nothing_counts():
    document = dress.html_of(TEXT, title="Subject")

    loading = {"img", "link", "script", "iframe", "video", "object", "embed"}
    assert not loading & {tag for tag, _ in Page(document).tags}
    assert "url(" not in document and "@import" not in document
    assert "prefers-color-scheme: dark" in document


def test_language_and_direction_are_said():
    page = Page(dress.html_of("שלום", language="he", right_to_left=True))

    assert page.all("html") == [{"lang": "he", "dir": "rtl"}]
    assert page.all("p") == [{"dir": "auto"}]
