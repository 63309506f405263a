"""Ben signs with his name: form, code by mail, and his name stands there at once."""

from tests.journeys.campaigns import Letter
from tests.people import plain


def test_bens_name_stands_there_at_once_and_counts_once_in_any_spelling_however_he_signs_again(letter: Letter):
    ben = letter.sign(
        letter.site.person(), f"ben@{letter.domain}", "public", name="Ben Łukasz", role="Software engineer"
    )
    thanks = plain(ben.page.text)
    page = plain(ben.visit(f"/letters/{letter.slug}/"))
    assert "Ben Łukasz Software engineer , Acme work e-mail" in page
    assert "1 person has signed" in page

    for spelling, visibility in (
        (f"BEN@{letter.domain.upper()}", "public"),
        (f"ben+letters@{letter.domain}", "confidential"),
        (f"ben@{letter.domain}", "public"),
        (f"ben@{letter.domain}", "confidential"),
    ):
        again = letter.sign(letter.site.person(), spelling, visibility, name="Ben Again")
        assert plain(again.page.text) == thanks

    page = plain(letter.site.person().visit(f"/letters/{letter.slug}/signatures/"))
    assert "1 in all" in page
    assert "Ben Again" not in page
