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
from tests.cast import ask, browser_of

pytestmark = pytest.mark.django_db


def lang_of(response) -> str:
    return response.content.decode().partition('<html lang="')[2][:2]


def ticked(page: str, name: str) -> list[str]:
    """The values of the fields of this name that are ticked."""
    tags = [tag for tag in re.findall(r"<input[^>]*>", page) if f'name="{name}"' in tag and " checked" in tag]
    return ["".join(re.findall(r'value="([^"]*)"', tag)) for tag in tags]


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


def test_whoever_changes_the_language_in_the_middle_of_a_form_loses_nothing_and_does_nothing(cast, mailbox):
    typed = {"visibility": "public", "email": "ben@acme.example", "name": "Ben “B” <b>", "news": "on", "version": "x"}
    browser = Client()

    answer = browser.post("/letters/robots/sign/?employer=1&speak=es", typed)

    page = answer.content.decode()
    assert (answer.status_code, lang_of(answer), answer.headers["Cache-Control"]) == (200, "es", "no-store")
    for field in (
        'value="ben@acme.example"', 'value="Ben “B” &lt;b&gt;"', 'name="version" value="x"',
        'formaction="/letters/robots/sign/?employer=1&amp;speak=ar"',
    ):  # fmt: skip
        assert field in page
    assert (ticked(page, "visibility"), ticked(page, "news")) == (["public"], [""])
    assert "error-summary" not in page
    assert not mailbox("ben@acme.example")
    again = browser.get("/letters/robots/sign/")
    assert lang_of(again) == "es"
    assert "ben@acme.example" not in again.content.decode()


def test_lists_and_long_texts_of_a_half_filled_form_stay_too(cast):
    carla, form = browser_of(cast.carla), "/organise/campaigns/robots/record/new/?speak=es"
    typed = {"executives": [str(cast.bo.pk)], "audience": "internal", "quote": "<One>\nTwo", "record": "1"}

    page = carla.post(form, typed).content.decode()

    assert "&lt;One&gt;\nTwo</textarea>" in page
    assert (ticked(page, "executives"), ticked(page, "audience")) == ([str(cast.bo.pk)], ["internal"])
    assert not cast.campaign.entries.exists()


def test_a_form_in_another_language_needs_its_token_and_a_language_of_ours(cast):
    guarded = Client(enforce_csrf_checks=True)

    assert guarded.post("/letters/robots/sign/?speak=es", {"name": "Ben"}).status_code == 403
    assert Client().post("/letters/robots/sign/?speak=xx", {"name": "Ben"}).status_code == 422


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
