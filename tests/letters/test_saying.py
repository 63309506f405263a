"""A public signer's one line: read by a person before it is shown, and gone with her name."""

import csv
import io
import json

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from campaign.models import AuditEntry, Membership, Role
from letters import exporting, people, removing, review_queries, revising
from letters.matching import Conditions, find
from letters.models import Case, Letter, PublicSignature, Waiting
from tests.cast import NOW, ask, browser_of, organiser, sign
from tests.letters.test_withdrawing import change

pytestmark = pytest.mark.django_db
WHY = "My team builds this, and I want to sleep."
PUBLIC = {"visibility": "public", "name": "Ben Kovač", "role": "Engineer", "reason": WHY}
DESK = "/organise/campaigns/robots/review/"


@pytest.fixture(autouse=True)
def asked(cast, settings):
    settings.CODES_PER_ADDRESS_PER_DAY = 30
    Letter.objects.update(asks_reason=True)


def answer(user, case: Case, which: str = "fine"):
    client = browser_of(user)
    client.post(f"{DESK}{case.pk}/", {"claim": "1"})
    return client.post(f"{DESK}{case.pk}/", {"answer": which}, follow=True)


def shown(cast) -> list[str]:
    return [one.reason for one in people.everybody(cast.letter.id)]


def test_it_waits_beside_a_name_that_stands_at_once_and_shows_once_it_was_read(cast, mailbox, stranger):
    sign(mailbox, address="ben@acme.example", **PUBLIC)

    before = stranger.get("/letters/robots/signatures/").content.decode()
    page = answer(cast.carla, Case.objects.get())
    after = [stranger.get(f"/letters/robots/{path}").content.decode() for path in ("signatures/", "")]

    assert "Ben Kovač" in before
    assert "I want to sleep" not in before
    assert "The line stands beside the name now" in page.content.decode()
    assert all("I want to sleep" in one for one in after)
    assert cast.numbers.total == 1
    assert AuditEntry.objects.get(what="signatures.reviewed").reason == "It may stand there"


def test_declining_erases_it_and_leaves_the_signature(cast, mailbox):
    sign(mailbox, address="ben@acme.example", **PUBLIC)

    answer(cast.carla, Case.objects.get(), "gives-away")

    row = PublicSignature.objects.get()
    assert (row.state, row.reason, row.name) == ("shown", "", "Ben Kovač")
    assert not Case.objects.exists()
    assert "sleep" not in str(list(AuditEntry.objects.values_list("about", "reason")))
    assert cast.numbers.total == 1


def test_an_answer_is_one_key_and_can_be_taken_back(cast, mailbox):
    sign(mailbox, address="ben@acme.example", **PUBLIC)
    case = Case.objects.get()
    carla = browser_of(cast.carla)

    page = carla.post(DESK, {"next": "1"}, follow=True).content.decode()
    carla.post(f"{DESK}{case.pk}/", {"answer": "fine"})
    assert shown(cast) == [WHY]
    carla.post(f"{DESK}{case.pk}/", {"undo": "1"})

    assert 'value="fine" data-key="1"' in page
    assert "I want to sleep" in page
    assert shown(cast) == [""]
    assert review_queries.backlog(cast.campaign.directory_id).reasons == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("see https://x.example", "without a link"),
        ("write me: ben@x.example", "without a link"),
        ("=HYPERLINK(1)", "begin with a letter"),
        ("STOP THESE ROBOTS", "without capitals throughout"),
        ("a\u202eb", "turn the direction"),
        ("!!!", "Please use letters"),
        ("x" * 141, "140 characters"),
        ("\ufdfa" * 20, "shorten it to 140"),
    ],
)
def test_what_may_not_stand_there_is_said_at_the_field(cast, typed, said):
    page = ask(Client(), email="ben@acme.example", **PUBLIC | {"reason": typed})

    assert page.status_code == 422
    assert said in page.content.decode()


def test_who_signs_confidentially_says_nothing_and_nobody_is_asked_where_the_letter_does_not(cast, mailbox):
    sign(mailbox, address="ana@acme.example", visibility="confidential", reason=WHY)
    sign(mailbox, address="eve@acme.example", visibility="confidential", reason="=1+1")
    Letter.objects.update(asks_reason=False)
    sign(mailbox, address="ben@acme.example", **PUBLIC)

    assert Waiting.objects.get().count == 2
    assert PublicSignature.objects.get().reason == ""
    assert not Case.objects.exists()
    assert "Why you sign" not in Client().get("/letters/robots/sign/").content.decode()


def test_changing_what_is_shown_changes_the_line_and_the_new_one_is_read_anew(cast, mailbox):
    sign(mailbox, address="ben@acme.example", **PUBLIC)
    answer(cast.carla, Case.objects.get())

    change(mailbox, "ben@acme.example", **PUBLIC | {"role": "Designer"})
    assert shown(cast) == [WHY]
    change(mailbox, "ben@acme.example", **PUBLIC | {"reason": "For my children."})
    assert (shown(cast), Case.objects.get(state="waiting").kind) == ([""], "reason")
    change(mailbox, "ben@acme.example", **PUBLIC | {"reason": ""})

    assert not Case.objects.exists()
    assert PublicSignature.objects.get().reason == ""


def test_an_answer_to_words_that_changed_meanwhile_does_nothing(cast, mailbox):
    sign(mailbox, address="ben@acme.example", **PUBLIC)
    case = Case.objects.get()
    carla = browser_of(cast.carla)
    carla.post(f"{DESK}{case.pk}/", {"claim": "1"})
    change(mailbox, "ben@acme.example", **PUBLIC | {"reason": "Something rude"})

    carla.post(f"{DESK}{case.pk}/", {"answer": "fine"})

    assert shown(cast) == [""]


@pytest.mark.parametrize("way", ["withdraw", "confidential"])
def test_it_goes_with_the_name(cast, mailbox, way):
    sign(mailbox, address="ben@acme.example", **PUBLIC)
    answer(cast.carla, Case.objects.get())

    change(mailbox, "ben@acme.example", visibility=way)

    row = PublicSignature.objects.get()
    assert (row.name, row.reason, row.reason_shown) == ("", "", False)
    assert not Case.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicSignature.objects.update(reason="left behind")


def test_a_line_beside_a_name_on_hold_waits_for_the_name(cast, mailbox):
    sign(mailbox, address="ada@acme.example", **PUBLIC | {"name": "Bеn Miller"})
    desk = review_queries.backlog(cast.campaign.directory_id)
    assert (desk.names, desk.reasons) == (1, 0)

    answer(cast.carla, Case.objects.get(kind="name"), "known")

    assert review_queries.backlog(cast.campaign.directory_id).reasons == 1
    assert shown(cast) == [""]


def test_it_is_not_carried_to_a_text_that_asks_something_else(cast, mailbox):
    sign(mailbox, address="ben@acme.example", **PUBLIC)
    answer(cast.carla, Case.objects.get())
    found = revising.change(letter_id=cast.letter.id, demands=["Another"], addressees=["Ada"])
    revising.make_change(
        letter_id=cast.letter.id, demands=["Another"], addressees=["Ada"], read_sha256=found.text.sha256(),
        note="New", now=NOW,
    )  # fmt: skip
    assert shown(cast) == [WHY]

    sign(mailbox, address="ben@acme.example", **PUBLIC | {"reason": "For the new one."})

    assert shown(cast) == [""]
    assert PublicSignature.objects.get().reason == "For the new one."


def test_a_removal_that_is_put_back_brings_unread_lines_back_to_the_queue(cast, mailbox):
    sign(mailbox, address="ben@acme.example", **PUBLIC)
    conditions = Conditions(name="Kovač")
    removal = removing.plan(
        letter_id=cast.letter.id, conditions=conditions, reason="r", seen=find(cast.letter.id, conditions).digest,
        today=NOW.date(),
    )  # fmt: skip
    removing.begin(removal_id=removal, today=NOW.date())
    for _ in range(2):
        removing.step(removal_id=removal, today=NOW.date())
    assert not Case.objects.exists()

    removing.put_back(removal_id=removal)
    removing.step(removal_id=removal, today=NOW.date())

    assert Case.objects.get().kind == "reason"
    assert PublicSignature.objects.get().reason == WHY


def test_owners_take_a_shown_line_off_and_exports_have_it_only_while_it_is_shown(cast, mailbox):
    sign(mailbox, address="ben@acme.example", **PUBLIC)
    edith = organiser("Edith")
    Membership.objects.create(team=cast.campaign.team, user=edith, role=Role.EDITOR)
    page = "/organise/campaigns/robots/letters/robots/people/"
    row = PublicSignature.objects.get()

    def exported() -> list[str]:
        [head, line] = csv.reader(io.StringIO("".join(exporting.as_csv(cast.letter.id)).lstrip("\ufeff")))
        kept = json.loads("".join(exporting.as_json(cast.letter)))
        return [line[head.index("reason")], kept["signatures"][0]["reason"]]

    assert exported() == ["", ""]
    assert browser_of(edith).post(page, {"unsay": row.pk}).status_code == 422
    answer(cast.carla, Case.objects.get())
    assert exported() == [WHY, WHY]
    browser_of(edith).post(page, {"unsay": row.pk})

    assert exported() == ["", ""]
    assert AuditEntry.objects.filter(what="signatures.reason-out").count() == 1


def test_where_it_stands_is_told_to_whoever_has_the_code(cast, mailbox):
    sign(mailbox, address="ben@acme.example", **PUBLIC)

    page = change(mailbox, "ben@acme.example", visibility="look").content.decode()

    assert "Your line waits for a person to read it" in page
