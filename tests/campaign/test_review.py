"""The reviewers' workbench: who may see it, one case at a time, and a log of every answer that names nobody."""

import re

import pytest
from django.test import Client

from campaign.models import AuditEntry, Membership, Reminder, ReminderKind, Role
from campaign.reminders import planning, wording
from letters import holding, people
from letters.models import Case, PublicSignature
from tests.cast import NOW, browser_of, organiser, sign

pytestmark = pytest.mark.django_db
DESK = "/organise/campaigns/robots/review/"
PUBLIC = {"visibility": "public", "role": "Engineer"}


@pytest.fixture
def vesna(cast):
    """Verifies in Carla's team."""
    user = organiser("Vesna")
    Membership.objects.create(team=cast.campaign.team, user=user, role=Role.VERIFIER)
    return user


@pytest.fixture
def held(cast, mailbox):
    """A name that an executive has, and one in two alphabets."""
    sign(mailbox, address="ada@acme.example", name="Ada Boss", **PUBLIC)
    sign(mailbox, address="ben@acme.example", name="Bеn Miller", **PUBLIC)
    return {case.why: f"{DESK}{case.pk}/" for case in Case.objects.all()}


def said(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def noted(*kinds: str) -> list[tuple[str, str]]:
    rows = AuditEntry.objects.filter(what__in=[f"signatures.{kind}" for kind in kinds]).order_by("pk")
    return list(rows.values_list("what", "reason"))


@pytest.mark.parametrize("who", ["stranger", "mallory", "oskar", "vera", "editor"])
def test_nobody_but_owners_and_verifiers_sees_or_does_anything(cast, held, who, vesna):
    client = Client()
    if who == "editor":
        editor = organiser("Edith")
        Membership.objects.create(team=cast.campaign.team, user=editor, role=Role.EDITOR)
        client = browser_of(editor)
    elif who != "stranger":
        client = browser_of(getattr(cast, who))
    pages = [DESK, *held.values(), f"{DESK}names/", f"{DESK}intake/"]

    answers = [client.get(page).status_code for page in pages]
    answers += [
        client.post(page, {"claim": "1", "answer": "known", "names": "x", "most": "20"}).status_code for page in pages
    ]

    assert set(answers) == ({302} if who == "stranger" else {404})
    assert not Case.objects.exclude(claimed_by=None).exists()
    if who not in {"stranger", "mallory"}:
        assert DESK not in client.get("/organise/campaigns/robots/").content.decode()


def test_a_verifier_reviews_and_does_nothing_else(cast, vesna):
    hers = browser_of(vesna)

    assert hers.get(DESK).status_code == 200
    assert f'href="{DESK}"' in hers.get("/organise/campaigns/robots/").content.decode()
    for path in ("about/", "record/new/", "letters/robots/close/", "new-letter/"):
        assert hers.get(f"/organise/campaigns/robots/{path}").status_code == 404, path
    assert "Record a statement" not in said(hers.get("/organise/campaigns/robots/record/"))


def test_the_desk_says_what_waits_to_those_who_may_answer(cast, held, vesna):
    pages = [said(browser_of(who).get("/organise/campaigns/robots/")) for who in (vesna, cast.oskar)]

    assert ["2 names wait for your answer" in page for page in pages] == [True, False]


def test_the_queue_shows_what_waits_and_no_name(cast, held, vesna):
    page = said(browser_of(vesna).get(DESK))

    assert "2 wait: 2 names, 0 times evidence" in page
    assert "The oldest came today" in page
    assert "Ada Boss" not in page
    assert "Miller" not in page


def test_one_key_takes_the_next_until_nothing_is_left(cast, held, vesna):
    hers, carlas = browser_of(vesna), browser_of(cast.carla)
    seen = []

    response = hers.post(DESK, {"next": "1"}, follow=True)
    for _ in range(2):
        page = response.content.decode()
        seen += re.findall(r'people__name" dir="auto">([^<]+)<', page)
        assert 'data-key="1"' in page
        response = hers.post(response.request["PATH_INFO"], {"answer": "known", "words": "We met."}, follow=True)
    rest = carlas.post(DESK, {"next": "1"}, follow=True)
    done = carlas.post(rest.request["PATH_INFO"], {"answer": "confirmed"}, follow=True)

    assert sorted(seen) == ["Ada Boss", "Bеn Miller"]
    assert "Nothing is left that you may answer" in said(response)
    assert "It stands on the letter now" in said(done)
    assert {one.name for one in people.everybody(cast.letter.id)} == {"Ada Boss", "Bеn Miller"}
    assert noted("reviewed") == [
        ("signatures.reviewed", "A member knows this person. We met."),
        ("signatures.reviewed", "A member knows this person. We met."),
        ("signatures.reviewed", "Confirmed in another way"),
    ]


def test_look_alikes_stand_beside_the_name(cast, mailbox, vesna):
    sign(mailbox, address="b1@acme.example", name="Ben Miller", **PUBLIC)
    sign(mailbox, address="b2@beta.example", name="Bеn Miller", **PUBLIC)
    sign(mailbox, address="ada@beta.example", name="Boss, Ada", **PUBLIC)
    hers = browser_of(vesna)

    pages = [said(hers.post(f"{DESK}{case.pk}/", {"claim": "1"}, follow=True)) for case in Case.objects.order_by("why")]

    assert "Ada Boss on the list" in pages[0]
    assert "Ben Miller, Engineer, Acme has signed" in pages[1]
    assert "two alphabets" not in pages[0]


def test_nobody_else_sees_a_name_that_somebody_has_taken(cast, held, vesna):
    hers, carlas = browser_of(vesna), browser_of(cast.carla)
    hers.post(held["listed"], {"claim": "1"})

    page = said(carlas.get(held["listed"]))
    refused = said(carlas.post(held["listed"], {"answer": "known"}, follow=True))

    assert "Vesna has taken this" in page
    assert "Ada Boss" not in page
    assert "This changed a moment ago" in refused
    assert Case.objects.filter(first_by=None).count() == 2


def test_what_is_refused_is_named_nowhere_any_more(cast, held, vesna):
    for client in (browser_of(vesna), browser_of(cast.carla)):
        client.post(held["listed"], {"claim": "1"})
        page = said(client.post(held["listed"], {"answer": "pretends"}, follow=True))

    assert "Refused. Nothing of it is left" in page
    assert PublicSignature.objects.filter(name="Ada Boss").count() == 0
    for entry in AuditEntry.objects.filter(what__startswith="signatures"):
        assert "Boss" not in f"{entry.about} {entry.reason}"
    assert [what for what, _ in noted("review-refused")] == ["signatures.review-refused"] * 2
    assert "no longer there" in said(browser_of(cast.carla).get(held["listed"], follow=True))


def test_a_reason_that_is_not_on_the_list_decides_nothing(cast, held, vesna):
    hers = browser_of(vesna)
    hers.post(held["mixed"], {"claim": "1"})

    page = said(hers.post(held["mixed"], {"answer": "shows"}, follow=True))

    assert "Choose one of the reasons" in page
    assert Case.objects.count() == 2
    assert noted("reviewed") == []


def test_she_leaves_one_for_somebody_else_and_goes_on(cast, held, vesna):
    hers = browser_of(vesna)
    first = hers.post(DESK, {"next": "1"}).headers["Location"]

    second = hers.post(first, {"skip": "1"}).headers["Location"]
    back = hers.post(second, {"give_back": "1"}).headers["Location"]

    assert {first, second} == set(held.values())
    assert back == DESK
    assert not Case.objects.exclude(claimed_by=None).exists()


def test_an_answer_is_taken_back_and_that_is_on_the_log(cast, held, vesna):
    hers = browser_of(vesna)
    hers.post(held["mixed"], {"claim": "1"})
    hers.post(held["mixed"], {"answer": "common"})
    before = cast.numbers.total

    page = said(hers.post(held["mixed"], {"undo": "1"}, follow=True))

    assert "Your answer is taken back" in page
    assert (before, cast.numbers.total) == (1, 0)
    assert noted("review-undone") == [("signatures.review-undone", "")]
    assert "Miller" in page, "it is hers again"


def test_get_changes_nothing(cast, held, vesna):
    hers = browser_of(vesna)
    for page in (DESK, *held.values()):
        hers.get(page, {"claim": "1", "next": "1", "answer": "known"})

    assert not Case.objects.exclude(claimed_by=None, state="waiting").exists()


def test_the_list_of_names_is_kept_and_a_bad_line_is_said(cast, vesna):
    hers, path = browser_of(vesna), f"{DESK}names/"

    saved = hers.post(path, {"names": "Rosa Klug\n\n  Karl   Groß \nRosa Klug"}, follow=True)
    refused = hers.post(path, {"names": "Rosa Klug\nsee https://x.example/"})

    assert "Saved" in said(saved)
    assert holding.listed(cast.campaign.directory_id) == ["Karl Groß", "Rosa Klug"]
    assert refused.status_code == 422
    assert "Line 2: Please write it without a link" in said(refused)
    assert "see https://x.example/" in refused.content.decode()
    assert len(noted("hold-list")) == 1


def test_executives_who_are_on_the_record_and_not_held_are_named(cast, vesna):
    cast.campaign.executives.create(key="later", name="Lena Later", title="Chair", employer_id=cast.acme)

    page = said(browser_of(vesna).get(f"{DESK}names/"))

    assert "On your record, and not held yet: Lena Later" in page
    assert "not held yet: Ada" not in page


@pytest.mark.parametrize(("most", "status"), [("20", 302), ("9", 422), ("", 422), ("x", 422)])
def test_the_limit_of_evidence_tells_of_no_small_group(cast, vesna, most, status):
    assert browser_of(vesna).post(f"{DESK}intake/", {"most": most}).status_code == status


def test_the_team_is_reminded_on_the_next_morning_and_no_more_once_nothing_waits(cast, held, vesna):
    planning.plan_record(campaign_id=cast.campaign.pk, now=NOW)
    reminder = Reminder.objects.get(kind=ReminderKind.REVIEW)
    day = Case.objects.values_list("asked_on", flat=True).first()

    words = wording.of(reminder)

    assert (reminder.due_at.date() - day).days == 1
    assert wording.AUDIENCE[ReminderKind.REVIEW] == (Role.OWNER, Role.VERIFIER)
    assert "2 under names on hold and 0 with evidence" in words.text
    assert "Ada" not in words.text + words.subject
    Case.objects.all().delete()
    planning.plan_reviews(campaign_id=cast.campaign.pk, now=NOW)
    reminder.refresh_from_db()
    assert reminder.state == "cancelled"
    with pytest.raises(wording.NothingToSay):
        wording.of(reminder)
