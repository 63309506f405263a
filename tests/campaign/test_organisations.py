"""Reviewers answer organisations, with a reason on the log; nobody else sees what waits."""

import io
from datetime import timedelta

import pytest
from django.test import Client
from pypdf import PdfReader

from campaign import delivering, editions, organising
from campaign.models import AuditEntry, Reminder, ReminderKind
from campaign.reminders import planning, wording
from letters.models import Letter, Organisation
from tests.campaign.test_delivering import CLOSED, deliver
from tests.campaign.test_review import vesna
from tests.cast import NOW, browser_of

pytestmark = pytest.mark.django_db
PAGE = "/organise/campaigns/robots/review/organisations/"
__all__ = ["vesna"]


def waits(name: str = "Union", domain: str = "union.example", **fields) -> Organisation:
    letter = Letter.objects.get()
    given = {"representative": "Rosa", "representative_role": "Chair", "at_domain": True, "asked_on": NOW.date()}
    return Organisation.objects.create(
        letter=letter, version=letter.current, name=name, domain=domain, **given | fields
    )


def noted() -> list[tuple[str, str, str]]:
    rows = AuditEntry.objects.filter(what__startswith="signatures.organisation").order_by("pk")
    return list(rows.values_list("what", "about", "reason"))


@pytest.mark.parametrize("who", ["stranger", "mallory", "oskar", "vera"])
def test_only_owners_and_verifiers_see_and_answer(cast, who):
    one = waits()
    client = Client() if who == "stranger" else browser_of(getattr(cast, who))

    answers = [client.get(PAGE).status_code, client.post(PAGE, {"organisation": one.pk, "accept": "1"}).status_code]

    assert set(answers) == ({302} if who == "stranger" else {404})
    assert Organisation.objects.get().state == "waiting"


def test_a_verifier_accepts_declines_and_takes_off_and_it_stands_on_the_log(cast, vesna):
    hers = browser_of(vesna)
    union, other = waits(), waits("Mallory Ltd", "mallory.example")

    page = hers.get(PAGE).content.decode()
    assert "Rosa" in page
    accepted = hers.post(PAGE, {"organisation": union.pk, "accept": "1", "words": ""}, follow=True)
    nothing = hers.post(PAGE, {"organisation": other.pk, "decline": "1", "words": " "})
    hers.post(PAGE, {"organisation": other.pk, "decline": "1", "words": "Nobody answers there"})
    hers.post(PAGE, {"organisation": union.pk, "remove": "1", "words": "Its board did not decide it"})

    assert "Union stands on the letter now" in accepted.content.decode()
    assert (nothing.status_code, "Say why" in nothing.content.decode()) == (422, True)
    assert [(what.rpartition("-")[2], reason) for what, _about, reason in noted()] == [
        ("accepted", "address at union.example checked"),
        ("declined", "Nobody answers there"),
        ("out", "Its board did not decide it"),
    ]
    assert "Mallory" not in str(noted())
    public = Client().get("/letters/robots/signatures/organisations/").content.decode()
    assert "Its board did not decide it" in public
    assert "Union" not in public.partition("<main")[2]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "Say how you checked"),
        ("asked rosa@union.example", "without a link or an address"),
        ("=1+1", "Please begin with a letter"),
    ],
)
def test_what_is_wrong_with_an_answer_is_said_at_its_place(cast, words, said):
    one = waits(at_domain=False)

    page = browser_of(cast.carla).post(PAGE, {"organisation": one.pk, "accept": "1", "words": words})

    assert page.status_code == 422
    body = page.content.decode()
    assert body.index(f'id="words-{str(one.pk)[:8]}-error"') < body.index(said)
    assert f'value="{words}"' in body


def test_two_reviewers_at_once_answer_once(cast, vesna):
    one = waits()
    for client in (browser_of(vesna), browser_of(cast.carla)):
        page = client.post(PAGE, {"organisation": one.pk, "accept": "1", "words": ""}, follow=True)

    assert "This changed a moment ago" in page.content.decode()
    assert len(noted()) == 1
    for nonsense in ("", "x", "0" * 32):
        assert browser_of(cast.carla).post(PAGE, {"organisation": nonsense, "accept": "1"}).status_code == 422


def test_a_company_that_the_letter_knows_is_warned_about(cast):
    waits("Acme", "acme.example")

    assert "not that she may sign for it" in browser_of(cast.carla).get(PAGE).content.decode()


def test_reviewers_are_reminded_the_next_morning(cast):
    waits()
    planning.plan_reviews(campaign_id=cast.campaign.pk, now=NOW)

    reminder = Reminder.objects.get(kind=ReminderKind.REVIEW)
    said = wording.of(reminder).text

    assert reminder.due_at == NOW.replace(day=2, hour=8)
    assert "1 organisation wants to sign “Stop the robots”" in said
    assert "evidence" not in said
    desk = browser_of(cast.carla).get("/organise/campaigns/robots/").content.decode()
    assert "1 organisation waits for your answer" in desk


def test_the_owner_says_whether_organisations_may_sign(cast):
    carla = browser_of(cast.carla)
    form = {"who": "anyone", "takes": ["email"], "counts": ["email", "reviewed"], "organisations": "on"}

    carla.post("/organise/campaigns/robots/letters/robots/signers/", form)

    assert Letter.objects.get().takes_organisations
    assert "Sign for an organisation" in Client().get("/letters/robots/").content.decode()


def test_what_is_handed_over_has_them_apart_until_one_is_taken_off(cast):
    one = waits(state="shown", shown_on=NOW.date())
    organising.close_letter(campaign_letter=cast.campaign_letter, by=cast.carla, now=CLOSED)
    delivery = deliver(cast)
    text = "".join(editions.lines(delivery))
    pdf = PdfReader(io.BytesIO(editions.on_paper(delivery, text_sha256="0" * 64)))
    printed = "".join(page.extract_text() for page in pdf.pages).replace(" ", "").replace("\n", "")

    assert "Union (union.example), through Rosa, Chair (address at union.example checked)" in text
    assert text.index("0 people have signed") < text.index("Organisations, apart from people")
    assert "Organisations,apartfrompeople" in printed
    assert "Union(union.example)" in printed
    assert editions.is_as_delivered(delivery)
    delivering.make_editions()
    browser_of(cast.carla).post(PAGE, {"organisation": one.pk, "remove": "1", "words": "It was a joke"})
    assert not editions.is_as_delivered(delivery)
    assert NOW + timedelta(days=1) < CLOSED
