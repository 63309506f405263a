"""Pages speak their reader's language; what is kept, mailed or handed out speaks English, whoever caused it."""

import re
import threading
from datetime import date

import pytest
from django.contrib.humanize.templatetags.humanize import intcomma
from django.test import Client
from django.utils import translation

from campaign import organising
from campaign.models import AuditEntry
from config.templatetags import words
from tests.cast import ask

pytestmark = pytest.mark.django_db


def lang_of(response) -> str:
    return response.content.decode().partition('<html lang="')[2][:2]


def in_language(code: str) -> Client:
    return Client(headers={"accept-language": code})


@pytest.mark.parametrize(
    ("asked", "spoken"), [("es-MX,en;q=0.5", "es"), ("ar", "ar"), ("xx,es;q=0.1", "es"), ("de", "en"), ("", "en")]
)
def test_pages_speak_the_first_of_our_languages_that_the_browser_asks_for(stranger, asked, spoken):
    response = stranger.get("/accessibility/", headers={"accept-language": asked})

    assert lang_of(response) == spoken
    assert {"Accept-Language", "Cookie"} <= set(response.headers["Vary"].split(", "))
    assert f'dir="{"rtl" if spoken == "ar" else "ltr"}"' in response.content.decode()


def test_whoever_chooses_a_language_is_spoken_to_in_it_until_the_browser_closes(stranger):
    response = stranger.post("/language/", {"language": "ar", "next": "/accessibility/"})

    assert (response.status_code, response.headers["Location"]) == (302, "/accessibility/")
    [cookie] = response.cookies.values()
    assert (cookie.value, cookie["max-age"], cookie["httponly"]) == ("ar", "", True)
    assert lang_of(stranger.get("/accessibility/", headers={"accept-language": "es"})) == "ar"


def test_choosing_leads_back_to_what_was_looked_for_and_never_to_another_site(stranger):
    searched = "http://testserver/letters/robots/signatures/?q=ana"
    back = stranger.post("/language/", {"language": "es", "next": "/"}, headers={"referer": searched})
    elsewhere = stranger.post(
        "/language/", {"language": "es", "next": "//evil.example/"}, headers={"referer": "https://evil.example/"}
    )

    assert back.headers["Location"] == searched
    assert elsewhere.headers["Location"] == "/"


def test_a_language_that_is_not_ours_is_not_kept(stranger):
    response = stranger.post("/language/", {"language": "xx"})

    assert (response.status_code, dict(response.cookies)) == (302, {})
    assert stranger.get("/language/").status_code == 405


def test_a_page_that_is_kept_is_kept_for_each_language(cast, settings):
    settings.PAGES_KEPT_SECONDS = 30

    for path in ("/", "/letters/robots/", "/letters/robots/?lang=en"):
        spoken = [lang_of(in_language(code).get(path)) for code in ("es", "ar", "en", "es", "ar")]
        assert spoken == ["es", "ar", "en", "es", "ar"]


def test_a_letter_keeps_its_own_language(cast):
    page = in_language("ar").get("/letters/robots/").content.decode()

    assert '<html lang="ar" dir="rtl">' in page
    assert '<article class="letter" lang="en" dir="ltr">' in page


def test_no_language_is_left_behind_in_the_thread(stranger):
    spoken = []

    def one_thread() -> None:
        in_language("ar").get("/healthz")
        spoken.append(translation.get_language())

    thread = threading.Thread(target=one_thread)
    thread.start()
    thread.join()

    assert spoken == ["en"]


@pytest.mark.parametrize("code", ["es", "ar"])
def test_the_answer_to_a_new_address_and_to_a_limited_one_is_the_same_in_each_language(cast, mailbox, code):
    def asked(address: str) -> tuple[int, str, bytes]:
        client = in_language(code)
        response = ask(client, email=address)
        page = client.get(response.headers["Location"]).content
        return response.status_code, response.headers["Location"], re.sub(rb'value="\w{64}"', b"", page)

    answers = {asked(address) for address in ["ana@acme.example"] * 5 + ["ben@acme.example"]}

    assert len(answers) == 1


def test_the_mail_with_a_code_is_the_same_whatever_language_its_asker_reads(cast, mailbox):
    for number, code in enumerate(["en", "es", "ar"]):
        ask(in_language(code), email=f"ana{number}@acme.example")

    mails = mailbox("@acme.example")
    assert {mail.subject for mail in mails} == {"Your code"}
    assert len({" ".join(mail.text.split()[5:]) for mail in mails}) == 1


def test_the_log_is_in_english_whoever_acts(cast):
    with translation.override("es"):
        organising.remind_every(campaign=cast.campaign, days=None, by=cast.carla, now=cast.campaign.created_at)

    assert AuditEntry.objects.order_by("-pk")[0].about == "once"


def test_files_and_pictures_are_the_same_for_everybody(cast):
    for path in ("/campaigns/robots/record.json", "/campaigns/robots/movement.atom", "/letters/robots/card.png"):
        answers = [in_language(code).get(path) for code in ("en", "es", "ar")]
        assert len({answer.content.partition(b"<updated>")[0] for answer in answers}) == 1
        assert all("Cookie" not in answer.headers.get("Vary", "") for answer in answers)


def test_dates_and_numbers_are_written_as_in_the_language():
    written = {}
    for code in ("en", "es", "ar"):
        with translation.override(code):
            written[code] = (words.day(date(2026, 1, 28)), intcomma(12345))

    assert written == {
        "en": ("28 January 2026", "12,345"),
        "es": ("28 de enero de 2026", "12\xa0345"),
        "ar": ("28 يناير 2026", "12,345"),
    }
