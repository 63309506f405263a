"""What others show of a letter: it names nobody who shares, trusts no Host header, and only the card may be framed."""

import re
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
import qrcode
from django.conf import settings
from django.test import Client
from django.utils import translation
from PIL import Image

from campaign import amending, cards, lettering, organising, sharing
from campaign.facts import CampaignFacts
from letters import publishing
from letters.queries import LetterFacts, Numbers
from tests.campaign.test_amending import IN_FORCE, correct
from tests.cast import BODY, NOW, Cast, sign

pytestmark = pytest.mark.django_db
EMBED = "/embed/letters/robots/"
OTHERS = (
    "/", "/letters/robots/", "/letters/robots/sign/", "/letters/robots/share/", "/letters/robots/signed/",
    "/letters/robots/signatures/", "/campaigns/robots/", "/campaigns/robots/executives/acme/", "/accessibility/",
    "/accounts/login/", "/embed/letters/nowhere/",
)  # fmt: skip


def tags(page: str) -> dict[str, str]:
    """What the page says of itself to other sites."""
    return dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[a-z:_]+)" content="([^"]*)"', page))


def test_letter_campaign_and_executive_say_what_they_are_at_the_address_from_the_settings(cast, stranger):
    for path, title in (
        ("/letters/robots/", "Stop the robots"),
        ("/campaigns/robots/", "Stop the robots"),
        (f"/campaigns/robots/executives/{cast.ada.key}/", "Ada Boss, Chief executive, Acme"),
    ):
        found = tags(stranger.get(path).content.decode())

        assert found["og:title"] == title
        assert found["og:url"] == settings.SITE_URL + path
        assert found["og:description"]


def test_the_host_header_moves_no_address(cast, settings):
    settings.ALLOWED_HOSTS = ["*"]
    for path in ("/letters/robots/", "/letters/robots/share/", EMBED, "/letters/robots/qr.svg"):
        page = Client().get(path, headers={"host": "evil.example"}).content.decode()

        assert "evil.example" not in page, path


def test_what_is_shared_is_the_same_for_everybody(cast, mailbox):
    signer = Client()
    sign(mailbox, address="ana@acme.example", client=signer)

    for path in ("/letters/robots/share/", "/letters/robots/signed/", "/letters/robots/qr.svg", EMBED):
        assert signer.get(path).content == Client().get(path).content, path
    shared = signer.get("/letters/robots/share/").content.decode()
    assert set(re.findall(rf"{settings.SITE_URL}/letters/[^\s\"&<]*", shared)) == {
        f"{settings.SITE_URL}/letters/robots/"
    }


def test_confidential_signers_are_told_what_sharing_can_show(cast, stranger):
    for page in ("signed", "share"):
        assert "can show on which side you stand" in stranger.get(f"/letters/robots/{page}/").content.decode()


def test_only_the_card_may_be_framed(cast, stranger):
    card = stranger.get(EMBED)
    policy = card.headers["Content-Security-Policy"]

    assert card.status_code == 200
    assert "frame-ancestors *" in policy and "X-Frame-Options" not in card.headers
    assert "default-src 'none'" in policy and "form-action 'none'" in policy and "script-src" not in policy
    for path in OTHERS:
        answer = stranger.get(path)
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], path
        assert answer.headers["X-Frame-Options"] == "DENY", path
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin", path


def test_the_card_may_be_framed_also_when_it_is_kept(transactional_db, stranger, settings):
    Cast.assemble()
    settings.PAGES_KEPT_SECONDS = 30

    first, second = stranger.get(EMBED), stranger.get(EMBED)

    assert second.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in second.headers
    assert stranger.get("/letters/robots/").headers["X-Frame-Options"] == "DENY"


def test_the_card_sets_no_cookie_runs_no_script_and_opens_our_page_elsewhere(cast, stranger):
    card = stranger.get(EMBED)
    page = card.content.decode()

    assert not card.cookies and not stranger.cookies
    assert "<script" not in page and "<form" not in page and "style=" not in page
    for link in re.findall(r"<a [^>]*>", page):
        assert f'href="{settings.SITE_URL}/letters/robots/"' in link and 'target="_blank" rel="noopener"' in link


@pytest.mark.parametrize(
    ("asked", "theme"), [("?theme=light", "light"), ("?theme=dark", "dark"), ("?theme=%22onload", ""), ("", "")]
)
def test_the_card_is_light_or_dark_as_asked(cast, stranger, asked, theme):
    page = stranger.get(EMBED + asked).content.decode()

    assert (f'data-theme="{theme}"' in page) is bool(theme)
    assert "onload" not in page


def test_the_colours_of_a_dark_card_are_those_of_the_site():
    sheet = (Path(settings.BASE_DIR) / "static" / "css" / "tokens.css").read_text()
    of_the_site = dict(
        re.findall(r"(--[a-z-]+): (#\w+);", sheet.partition("prefers-color-scheme: dark")[2].partition("\n}\n")[0])
    )
    of_the_card = dict(
        re.findall(r"(--[a-z-]+): (#\w+);", sheet.partition('[data-theme="dark"] {')[2].partition("}")[0])
    )
    used = set(
        re.findall(r"var\((--[a-z-]+)\)", (Path(settings.BASE_DIR) / "static" / "css" / "embed.css").read_text())
    )

    assert of_the_card == {name: colour for name, colour in of_the_site.items() if name in used}


def test_a_title_with_signs_of_html_stays_text_in_the_code_to_copy(cast, stranger):
    title = 'Robots & "friends" <b>'
    written = organising.write_letter(campaign=cast.campaign, title=title, slug="signs", body=BODY, now=NOW)
    organising.open_letter(campaign_letter=written, by=cast.carla, now=NOW)

    page = stranger.get("/letters/signs/share/").content.decode()

    assert 'title="Robots &amp;amp; &amp;quot;friends&amp;quot; &amp;lt;b&amp;gt;"' in page
    assert "<b>" not in page


def test_a_draft_is_not_shown_elsewhere(db, stranger):
    Cast.assemble(opened=False)

    for path in ("/letters/robots/share/", "/letters/robots/qr.svg", "/letters/robots/card.png", EMBED):
        assert stranger.get(path).status_code == 404


def test_the_qr_code_leads_to_the_letter(cast, stranger):
    answer = stranger.get("/letters/robots/qr.svg")
    svg = answer.content.decode()
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(f"{settings.SITE_URL}/letters/robots/")
    dark = {(x, y) for y, row in enumerate(code.get_matrix()) for x, one in enumerate(row) if one}

    drawn = {
        (int(x) + step, int(y))
        for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", svg.rpartition("<path")[2])
        for step in range(int(length))
    }

    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert drawn == dark


TITLES = {
    "short": "Stop",
    "long": "To the chief executives of every company that sells what we make: stop, say so in public, and show it "
    * 2,
    "one word": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2,
    "arabic": "أوقفوا مراقبة العمال في مكاتبنا الآن وقولوا ذلك علناً",
    "chinese": "致所有人工智能公司的首席执行官：停止出售监控工具，并公开说明你们的立场" * 3,
}


def shown_with(title: str, total: int = 12_004) -> sharing.Shared:
    letter = LetterFacts(
        id=uuid4(), directory_id=uuid4(), slug="robots", state="open", is_example=False, title=title, body="",
        language="en", drafted_at=NOW,
    )  # fmt: skip
    campaign = CampaignFacts(
        id=uuid4(), slug="robots", title="Robots", summary="", organisers="Colleagues", organisers_named=True,
        is_example=False, time_zone="Asia/Tokyo",
    )  # fmt: skip
    numbers = Numbers(public=total, confidential=0, employers=())
    return sharing.Shared(letter=letter, campaign=campaign, numbers=numbers, as_of=NOW.replace(hour=23))


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
@pytest.mark.parametrize("shape", [cards.WIDE, cards.SQUARE], ids=["wide", "square"])
def test_a_title_of_any_length_stays_on_the_card_above_the_number(title, shape, monkeypatch):
    monkeypatch.setattr(lettering, "drawable", lambda text: True)

    card = cards.lay_out(shown_with(title), *shape)

    words = ["".join(run.text for run in line.runs) for line in card.title]
    assert all(
        lettering.long(text, size=line.size, family=lettering.SERIF) <= shape[0] - 144
        for text, line in zip(words, card.title, strict=True)
    )
    assert card.title[0].y - card.title[0].size > card.kicker.y
    assert card.title[-1].y < card.number.y - card.number.size
    if not words[-1].endswith("…"):
        assert "".join(words).replace(" ", "") == title.replace(" ", "")


def test_a_card_says_number_day_and_who_asks_and_a_title_from_the_right_stands_there():
    card = cards.lay_out(shown_with(TITLES["arabic"]), *cards.WIDE)

    assert ["".join(run.text for run in line.runs) for line in (card.number, card.signed, card.day, card.kicker)] == [
        "12,004", "people have signed", "as of 2 February 2026", "An open letter by Colleagues",
    ]  # fmt: skip
    assert {(line.x, line.end) for line in card.title} == {(1200 - 72, True)}
    assert {run.family for line in card.title for run in line.runs} == {"Noto Sans Arabic"}


def test_a_title_that_no_font_can_draw_is_left_out(monkeypatch):
    monkeypatch.setattr(lettering, "_on_this_machine", frozenset)

    assert cards.lay_out(shown_with(TITLES["chinese"]), *cards.WIDE).title == ()


def test_cards_are_pictures_of_their_size_and_the_same_each_time(cast, stranger):
    for name, size in (("card", (1200, 630)), ("square", (1080, 1080))):
        answer = stranger.get(f"/letters/robots/{name}.png")

        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert Image.open(BytesIO(answer.content)).size == size
        assert stranger.get(f"/letters/robots/{name}.png").content == answer.content
    found = tags(stranger.get("/letters/robots/").content.decode())
    assert found["og:image"] == f"{settings.SITE_URL}/letters/robots/card.png"


def test_a_card_in_another_language_of_the_letter_is_named_by_its_address_alone(cast, stranger):
    publishing.add_translation(
        letter_id=cast.letter.id, language="ar", title="أوقفوا الروبوتات", body="نص", demands=["أوقفوا", "تكلموا"],
        follows="", now=NOW,
    )  # fmt: skip
    correct(cast)
    amending.take_effect(now=IN_FORCE)
    plain, chosen, unknown = (
        stranger.get(f"/letters/robots/card.png{query}") for query in ("", "?lang=ar", "?lang=fr")
    )
    hers = stranger.get("/letters/robots/card.png", headers={"accept-language": "ar"})
    page = tags(stranger.get("/letters/robots/?lang=ar").content.decode())

    assert plain.content == unknown.content == hers.content != chosen.content
    assert page["og:image"].endswith("/card.png?lang=ar")


def test_our_words_on_a_card_speak_the_language_of_the_letter_from_its_side():
    with translation.override("ar"):
        card = cards.lay_out(shown_with(TITLES["arabic"]), *cards.WIDE)

    assert "".join(run.text for run in card.signed.runs) == "أشخاص وقّعوا"
    assert all(line.end and line.x > 600 for line in (card.kicker, card.number, card.signed, card.day))


def test_the_source_is_linked_where_it_is_known(cast, stranger, settings):
    without = stranger.get("/").content.decode()
    settings.SOURCE_URL = "https://code.example.org/undersigned"

    assert "Its source" not in without
    assert 'href="https://code.example.org/undersigned"' in stranger.get("/").content.decode()
