"""Carla corrects her open letter, closes it, hands it over, and everybody can check what was handed over."""

import hashlib
import io
import re
import time
from datetime import UTC, datetime

from pypdf import PdfReader

from tests.journeys.campaigns import Letter
from tests.people import plain


def test_carla_announces_a_correction_and_its_readers_see_what_differs(letter: Letter):
    letter.carla.visit(f"{letter.team_page}letters/{letter.slug}/write/")
    letter.carla.send(containing="body", title="Stop the robots", body="Dear **all**,\n\nplease stop them.")
    page = letter.carla.visit(f"{letter.team_page}letters/{letter.slug}/change/")
    assert "What differs from the text that stands" in page
    letter.carla.send(containing="correct", note="A word was missing.", correct="1")

    reader = letter.site.person()
    seen = reader.visit(f"/letters/{letter.slug}/")
    [address] = re.findall(r'href="(/letters/[^"]+/versions/\w+/\?against=\w+)"', seen)
    differs = plain(reader.visit(address))

    assert "A correction of this text is announced: version 2" in plain(seen)
    assert "please stop." in plain(seen)
    assert "[added:" in differs
    assert "them" in differs


def test_what_carla_hands_over_says_what_the_page_says(letter: Letter):
    for name in ("Ben Kovač", "李雷", "Ana Souza"):
        address = f"{name.encode().hex()}@{letter.domain}"
        letter.sign(letter.site.person(), address, "public", name=name, role="Engineer")
    letter.carla.visit(f"{letter.team_page}letters/{letter.slug}/close/")
    letter.carla.send(containing="close", close="1")

    letter.carla.visit(f"{letter.team_page}letters/{letter.slug}/deliver/")
    letter.carla.send(
        containing="to_whom", to_whom="Ada Boss", how="in person", day=datetime.now(UTC).date().isoformat()
    )
    page = wait_for_paper(letter)

    reader = letter.site.person()
    paper, text = (reader.web.get(address) for address in re.findall(r'href="([^"]+/letter\.(?:pdf|txt))"', page))
    assert [hashlib.sha256(one.content).hexdigest() in page for one in (paper, text)] == [True, True]
    printed = "".join(one.extract_text() for one in PdfReader(io.BytesIO(paper.content)).pages)
    listed = plain(reader.visit(f"/letters/{letter.slug}/signatures/"))
    for said in ("Ben Kovač", "Ana Souza"):
        assert all(said in one for one in (listed, text.text))
        assert said.replace(" ", "") in printed.replace(" ", "")
    assert "李雷" in text.text
    for said in ("Stop every robot", "3 people have signed"):
        assert said.replace(" ", "") in printed.replace(" ", "").replace("\n", "")
        assert said in plain(page)


def wait_for_paper(letter: Letter, seconds: float = 60) -> str:
    """The letter's page, once the edition on paper is made."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        page = letter.site.person().visit(f"/letters/{letter.slug}/")
        if "letter.pdf" in page:
            return page
        time.sleep(0.5)
    raise AssertionError("no edition on paper was made")
