"""Whose names stand at once, whose wait for a person's eye, and what is no name at all."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters import names
from letters.names import Held

NOTABLES = [line for line in (Path(names.__file__).parent / "notables.txt").read_text().splitlines() if line[0] != "#"]
# Letters that were chosen by eye, not out of the table that is under test.
LOOK = {
    "cyrillic": str.maketrans("aceopxyiABEHKMOPTX", "асеорхуіАВЕНКМОРТХ"),
    "greek": str.maketrans("oABEHIKMNOPTXYZ", "οΑΒΕΗΙΚΜΝΟΡΤΧΥΖ"),
    "digits": str.maketrans("olseatb", "0153478"),
    "marks": str.maketrans("aeiounc", "àéîöüñç"),
    "strokes": str.maketrans("dlot", "đłøŧ"),
}


def fullwidth(name: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name)


def mathematical(name: str) -> str:
    return "".join(
        chr(0x1D400 + ord(c) - 65) if "A" <= c <= "Z" else chr(0x1D41A + ord(c) - 97) if "a" <= c <= "z" else c
        for c in name
    )


DISGUISES = {
    **{name: (lambda text, table=table: text.translate(table)) for name, table in LOOK.items()},
    "fullwidth": fullwidth,
    "mathematical": mathematical,
    "capitals": str.upper,
    "small": str.lower,
    "squares": lambda text: "".join(chr(0x1F170 + ord(c) - 65) if "A" <= c <= "Z" else c for c in text.upper()),
    "unseen": lambda text: "\u200b".join(text),
    "joined": lambda text: "\u200d".join(text),
    "dotted": lambda text: text.replace(" ", "."),
    "close": lambda text: text.replace(" ", "").replace("-", ""),
    "wide": lambda text: " ".join(text),
    "rn": lambda text: text.replace("m", "rn").replace("w", "vv"),
    "tall": lambda text: text.replace("l", "I"),
    "quoted": lambda text: f"“{text}”",
    "marked": lambda text: "".join(f"{c}\u0336" if c.isalpha() else c for c in text),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_every_name_on_a_list_of_two_hundred_is_held_in_disguise(disguise):
    listed = NOTABLES[:200]
    assert len(set(listed)) == 200

    free = [name for name in listed if not names.is_held(DISGUISES[disguise](name), listed)]

    assert free == []


@pytest.mark.parametrize("around", ["Dr {0}", "{0} Jr.", "{0} (CEO)", "{0}, Acme", "{reversed}", "{last}, {first}"])
def test_a_name_of_several_words_is_held_between_others_and_turned_round(around):
    held = ["Ada Boss"]

    typed = around.format("Ada Boss", reversed="Boss Ada", first="Ada", last="Boss")

    assert names.is_held(typed, held) is Held.LISTED


def test_the_reason_says_whose_list_it_was():
    assert names.is_held("Tim Cook", ["Tim Cook"]) is Held.LISTED
    assert names.is_held("Tim Cook") is Held.NOTABLE
    assert names.is_held("Bеn Miller") is Held.MIXED  # its e is Cyrillic
    assert names.is_held("Cher Wang", ["Cher"]) is None
    assert names.is_held("Ben Miller", ["Tim Cook", ""]) is None


@pytest.mark.parametrize(
    "name",
    [
        "Łukasz Żółć", "José", "李雷", "محمد علی", "O'Brien", "O’Neil-Smith", "Maria van der Berg", "Nguyễn Thị Ánh",
        "Иван Петров", "Ελένη Παπαδοπούλου", "김민수", "さくら 山田", "दीपिका शर्मा", "שָׁלוֹם כֹּהֵן", "ณัฐวุฒิ", "D'Angelo Jr.",
        "J. R. R. Müller", "St. John Rivers", "Zoë Æsa Þórsdóttir", "Ş. Gökçe İnal", "Ann Lee", "XÆ A-Xii", "Li Wu",
    ],
)  # fmt: skip
def test_names_of_people_pass_and_are_not_held(name):
    assert names.tidy_person(name) == unicodedata.normalize("NFKC", name)
    assert names.is_held(name, NOTABLES[:200]) is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("=SUM(A1:A9)", "begin with a letter"),
        ("＝HYPERLINK(1)", "begin with a letter"),
        ("+49 170 1", "begin with a letter"),
        ("-1+1", "begin with a letter"),
        ("\t@SUM", "begin with a letter"),
        ("\u200b=1+1", "begin with a letter"),
        ("see https://x.example/y", "without a link"),
        ("ftp://x", "without a link"),
        ("Buy at pills.shop now", "without a link"),
        ("pills．com", "without a link"),
        ("pills。com", "without a link"),
        ("ben@acme.example", "without a link"),
        ("BENJAMIN SHOUTING", "without capitals"),
        ("ЯРОСЛАВ КРИЧИТ", "without capitals"),
        ("Ben\x07", "cannot be shown"),
        ("Ben\x1b[31m", "cannot be shown"),
        ("Ben\ue000", "cannot be shown"),
        ("Ben \u202emoc.live", "turn the direction"),
        ("\u2066Ben\u2069", "turn the direction"),
        ("B" + "\u0335\u0336\u0337\u0338\u0321" + "en", "fewer marks"),
        ("12345", "use letters"),
        ("x" * 121, "shorten"),
    ],
)
def test_what_is_no_name_is_refused_with_a_sentence(typed, words):
    with pytest.raises(names.NotAName, match=words):
        names.tidy_person(typed)


@pytest.mark.parametrize("typed", ["\u200eمحمد", "Ben\u00ad Miller", "\ufeffBen", "Ben\n Miller", "ALI ÖZ", "BO"])
def test_what_comes_along_with_a_paste_is_taken_off_in_silence(typed):
    assert names.tidy_person(typed)


@given(st.text(max_size=40))
def test_no_text_breaks_it_and_what_is_tidy_stays_tidy(typed):
    try:
        tidy = names.tidy_person(typed)
    except names.NotAName:
        return
    assert names.tidy_person(tidy) == tidy
    assert names.is_held(typed, ["Tim Cook"]) == names.is_held(tidy, ["Tim Cook"])
