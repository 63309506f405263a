"""One text has one name, however it was typed; another text has another."""

import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from letters.canonical import Text, Translation

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60)
LINES = st.lists(WORDS, max_size=4)
LANGUAGES = st.lists(st.sampled_from(["ar", "de", "fr", "he", "pt-BR", "zh-hans"]), unique=True, max_size=4)


@st.composite
def texts(draw) -> Text:
    return Text(
        title=draw(WORDS),
        body="\n".join(draw(LINES)),
        demands=draw(LINES),
        addressees=draw(LINES),
        translations=[
            Translation(language=code, title=draw(WORDS), body=draw(WORDS), demands=draw(LINES))
            for code in draw(LANGUAGES)
        ],
    )


def typed_elsewhere(text: Text, change) -> Text:
    """The same text as another program would have sent it."""
    return Text(
        title=change(text.title),
        body=change(text.body),
        demands=[change(one) for one in text.demands],
        addressees=[change(one) for one in text.addressees],
        language=text.language,
        translations=[
            Translation(
                language=one.language,
                title=change(one.title),
                body=change(one.body),
                demands=[change(demand) for demand in one.demands],
                behind=not one.behind,
            )
            for one in reversed(text.translations)
        ],
    )


@given(text=texts())
def test_unicode_forms_line_ends_and_the_order_of_languages_do_not_change_the_name(text):
    def change(words: str) -> str:
        return unicodedata.normalize("NFD", words).replace("\r", "\n").replace("\n", "  \r\n")

    assert typed_elsewhere(text, change).sha256() == text.sha256()


@given(text=texts())
def test_what_is_kept_has_the_name_of_what_was_typed_and_stays_as_it_is(text):
    assert text.normal().sha256() == text.sha256()
    assert text.normal().normal() == text.normal()


@given(text=texts(), other=texts())
def test_two_texts_have_one_name_only_if_they_say_the_same(text, other):
    assert (text.canonical() == other.canonical()) == (text.sha256() == other.sha256())
    if text.normal() != other.normal():
        behind = {one.behind for one in (*text.translations, *other.translations)}
        assert text.sha256() != other.sha256() or behind == {True, False}


def test_a_text_in_one_language_is_named_as_before_there_were_translations():
    text = Text(
        title="Stop  the robots", body="Robots.\r\n\r\nStop. \r\n", demands=["One ", "Two"], addressees=["Ada, Acme"]
    )
    before = {
        "addressees": ["Ada, Acme"], "body": "Robots.\n\nStop.\n", "demands": ["One", "Two"], "language": "en",
        "title": "Stop the robots",
    }  # fmt: skip

    assert json.loads(text.canonical()) == before
    assert text.sha256() == "175d3ef929d667d39d3d956504fa590da28510dd763c7cc8dcea9d7d8963a098"


def test_each_part_of_each_language_is_in_the_name():
    german = Translation(language="de", title="T", body="B", demands=["D"])
    base = {"title": "T", "body": "B", "demands": ["D"], "addressees": ["A"]}
    variants = [
        Text(**base),
        Text(**base, language="de"),
        *[Text(**base | {name: value}) for name, value in
          {"title": "X", "body": "X", "demands": ["X"], "addressees": ["X"]}.items()],
        Text(**base | {"demands": ["D", "D"]}),
        Text(**base, translations=[german]),
        *[Text(**base, translations=[Translation(**vars(german) | change)]) for change in
          ({"language": "fr"}, {"title": "X"}, {"body": "X"}, {"demands": ["X"]})],
    ]  # fmt: skip

    assert len({text.sha256() for text in variants}) == len(variants)
