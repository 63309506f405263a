"""Ben signs with his name: form, code by mail, and his name stands there at once."""

import pytest

from tests.journeys.campaigns import Letter
from tests.people import plain


def test_bens_name_stands_on_the_letter_at_once(letter: Letter):
    ben = letter.sign(
        letter.site.person(), f"ben@{letter.domain}", "public", name="Ben Łukasz", role="Software engineer"
    )

    page = plain(ben.visit(f"/letters/{letter.slug}/"))
    assert "Ben Łukasz Software engineer , Acme work e-mail" in page
    assert "1 person has signed" in page


@pytest.mark.parametrize("visibility", ["public", "confidential"])
def test_ben_signs_again_under_other_spellings_and_counts_once(letter: Letter, visibility):
    first = letter.sign(letter.site.person(), f"ben@{letter.domain}", "public", name="Ben")
    thanks = plain(first.page.text)

    for spelling in (f"BEN@{letter.domain.upper()}", f"ben+letters@{letter.domain}", f"ben@{letter.domain}"):
        again = letter.sign(letter.site.person(), spelling, visibility, name="Ben Again")
        assert plain(again.page.text) == thanks

    page = plain(letter.site.person().visit(f"/letters/{letter.slug}/signatures/"))
    assert "1 in all" in page
    assert "Ben Again" not in page
