"""Carla organises: from an empty account to an open letter, and to its end."""

from tests.journeys.campaigns import Letter
from tests.people import plain


def test_carla_goes_from_an_empty_account_to_an_open_letter_and_its_page_outlives_the_closing(letter: Letter):
    page = plain(letter.site.person().visit(f"/letters/{letter.slug}/"))
    assert "Stop the robots" in page
    assert "To Ada Boss, Chief executive, Acme ; Chair of the board, Acme" in page
    assert "Speak out publicly" in page

    letter.sign(letter.site.person(), f"ben@{letter.domain}", "public", name="Ben", role="Engineer")
    keys = list((letter.site.var / "keys").glob("*.key"))
    letter.carla.visit(f"{letter.team_page}letters/{letter.slug}/close/")
    letter.carla.send(containing="close", close="1")

    page = plain(letter.site.person().visit(f"/letters/{letter.slug}/"))
    assert "This letter closed on" in page
    assert "is destroyed" in page
    assert "1 person has signed" in page
    assert len(list((letter.site.var / "keys").glob("*.key"))) == len(keys) - 1
    assert "takes no more signatures" in plain(letter.site.person().visit(f"/letters/{letter.slug}/sign/"))
