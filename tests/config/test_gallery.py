"""The gallery shows every component in every state, and pages are made of nothing else."""

import re
from pathlib import Path

import pytest

from tests.cast import browser_of, organiser

HERE = Path(__file__).parents[2]
SHEETS = [HERE / "static" / "css" / name for name in ("base.css", "components.css")]
# What only a page as a whole can have: each is in every page's shell, or in no page that stands still.
_SHELL = {"skip-link"}
_FILLED_IN = "…"


def classes_of_sheets() -> set[str]:
    css = "".join(sheet.read_text() for sheet in SHEETS)
    rules = re.sub(r"/\*.*?\*/|url\(.*?\)", "", css, flags=re.S)
    return {name for selector in re.findall(r"([^{}]+)\{", rules) for name in re.findall(r"\.([a-z][\w-]*)", selector)}


def classes_in(html: str) -> set[str]:
    return {name for words in re.findall(r'class="([^"]*)"', html) for name in words.split()}


@pytest.mark.django_db
def test_every_class_of_the_stylesheets_has_its_place_in_the_gallery():
    page = browser_of(organiser("Carla")).get("/organise/gallery/").content.decode()

    assert classes_of_sheets() - classes_in(page) - _SHELL == set()


def test_no_template_uses_a_class_that_no_stylesheet_knows():
    known = classes_of_sheets() | classes_of_embed()
    unknown = {
        f"{name} in {path.relative_to(HERE)}"
        for folder in ("accounts", "campaign", "config", "letters")
        for path in (HERE / folder).rglob("*.html")
        for found in classes_in(plain(path.read_text()))
        if (name := found.strip(_FILLED_IN)) not in known and name
        if _FILLED_IN not in name and not name.endswith("-")
    }

    assert unknown == set(), unknown


def plain(template: str) -> str:
    """The template with a mark for each of its tags and for what is filled in."""
    return re.sub(r"\{%.*?%\}|\{\{.*?\}\}", _FILLED_IN, template)


def classes_of_embed() -> set[str]:
    return set(re.findall(r"\.([a-z][\w-]*)", (HERE / "static" / "css" / "embed.css").read_text()))


def test_no_stylesheet_but_the_tokens_names_a_colour_or_a_font_family():
    for sheet in SHEETS:
        rules = re.sub(r"/\*.*?\*/|url\(.*?\)", "", sheet.read_text(), flags=re.S)
        values = re.findall(r":\s*([^;{}]+);", rules)
        assert [value for value in values if re.search(r"#[0-9a-f]{3,8}\b|rgb|hsl|Georgia|Arial", value)] in (
            [],
            ["#fff"],  # a QR code is read by machines, which want it on white
        ), sheet.name
