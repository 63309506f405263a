"""Differences say what went and what came, and nothing that two writers wrote is lost between them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.differences import Kind, changes, merged

_words = st.lists(st.sampled_from(["one", "two", "three", " ", " ", "\n", ".", "你", "é"]), max_size=25).map("".join)


def said(old: str, new: str) -> str:
    marks = {Kind.SAME: "{}", Kind.GONE: "[-{}-]", Kind.NEW: "{{+{}+}}"}
    return "".join(marks[piece.kind].format(piece.text) for piece in changes(old, new))


@given(_words, _words)
def test_both_texts_can_be_read_out_of_their_differences(old, new):
    pieces = changes(old, new)

    assert "".join(piece.text for piece in pieces if piece.kind != Kind.NEW) == old
    assert "".join(piece.text for piece in pieces if piece.kind != Kind.GONE) == new


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("We ask you to stop.", "We ask you to stop now.", "We ask you to stop{+ now+}."),
        ("a big dog here", "a small cat here", "a [-big dog-]{+small cat+} here"),
        ("same", "same", "same"),
        ("", "new", "{+new+}"),
        ("你好世界", "你好新世界", "你好{+新+}世界"),
    ],
)
def test_whole_words_are_marked(old, new, shown):
    assert said(old, new) == shown


def test_changes_in_different_places_are_both_kept():
    base = "First line.\n\nSecond line.\n"

    assert merged(
        base=base, mine="First sentence.\n\nSecond line.\n", theirs="First line.\n\nSecond line, longer.\n"
    ) == ("First sentence.\n\nSecond line, longer.\n")
    assert merged(base=base, mine=base, theirs="x") == "x"
    assert merged(base="a", mine="a b", theirs="a b") == "a b"


@pytest.mark.parametrize(
    ("mine", "theirs"), [("stop robots", "halt robots"), ("please stop all robots", "stop all robots"), ("", "x stop")]
)
def test_changes_of_the_same_words_are_for_a_person_to_settle(mine, theirs):
    assert merged(base="go robots", mine=mine, theirs=theirs) is None


@given(_words, _words, _words)
def test_a_clean_merge_has_all_that_either_wrote_and_only_lacks_what_somebody_took_out(base, mine, theirs):
    whole = merged(base=base, mine=mine, theirs=theirs)

    assert whole == merged(base=base, mine=theirs, theirs=mine)
    if whole is None:
        return
    for written in (mine, theirs):
        came = [piece.text for piece in changes(base, written) if piece.kind == Kind.NEW]
        at = 0
        for text in came:
            at = whole.index(text, at) + len(text)
    for written, other in ((mine, theirs), (theirs, mine)):
        if written == base:
            assert whole == other


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a b " * 25_000, "b a " * 25_000),
        ("a\n" * 50_000, "b\n" * 50_000),
        (".".join(map(str, range(15_000))), ".".join(map(str, range(15_000, 0, -1)))),
    ],
)
def test_texts_that_have_nothing_in_common_take_no_long_time(old, new):
    begun = time.process_time()

    changes(old, new)

    assert time.process_time() - begun < 3
