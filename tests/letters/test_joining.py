"""An organisation signs through somebody with a mailbox, stands apart, and goes again; nothing tells more than that."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.models import OutgoingMail
from campaign import organising
from letters import exporting, joining, organisations
from letters.models import Letter, Organisation, Tag
from tests.cast import NOW, browser_of, code_of, sign
from tests.letters.test_withdrawing import bare

pytestmark = pytest.mark.django_db
BASE = "/letters/robots/organisations/"
JOIN, LEAVE = f"{BASE}join/", f"{BASE}leave/"
LIST = "/letters/robots/signatures/organisations/"
UNION = {
    "name": "Robot Workers’ Union",
    "domain": "https://www.union.example/about?x",
    "representative": "Rosa Łuk",
    "representative_role": "Chair",
    "shows_name": "on",
    "shows_role": "on",
    "may_sign": "on",
}
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def offered(cast, settings):
    settings.CODES_PER_ADDRESS_PER_DAY = 30
    Letter.objects.update(takes_organisations=True)


def join(mailbox, address: str = "rosa@union.example", **form):
    """Form, mail, code. Answers the last response."""
    client = Client()
    client.post(JOIN, {**UNION, "email": address, **form})
    return client.post(f"{JOIN}code/", {"code": code_of(mailbox(address)[-1].text)})


def leave(mailbox, address: str = "rosa@union.example", domain: str = "union.example"):
    client = Client()
    client.post(LEAVE, {"email": address, "domain": domain})
    return client.post(f"{LEAVE}code/", {"code": code_of(mailbox(address)[-1].text)})


def accept(cast, how: str = "") -> organisations.Listed:
    return organisations.accept(
        directory_id=cast.campaign.directory_id,
        organisation_id=Organisation.objects.get(state="waiting").pk,
        checked_how=how,
        today=TODAY,
    )


def pages(stranger) -> list[str]:
    paths = ("", "signatures/", "signatures/organisations/", "press/")
    return [stranger.get(f"/letters/robots/{path}").content.decode() for path in paths]


def test_it_waits_unseen_then_stands_apart_from_people_everywhere(cast, mailbox, stranger):
    answer = join(mailbox)

    assert answer.headers["Location"] == f"{JOIN}done/"
    assert not any("Robot Workers" in page or "Rosa" in page for page in pages(stranger))
    accept(cast)

    letter, people, listed, press = pages(stranger)
    for page in (letter, listed):
        assert "Robot Workers’ Union" in page
        assert "Rosa Łuk" in page
        assert "address at union.example checked" in page
    assert "Robot Workers" not in people
    assert "1 organisation" in people
    assert "And 1 organisation, counted apart" in letter
    assert "in no number of people" in press
    assert cast.numbers.total == 0
    assert not Tag.objects.exists()


@pytest.mark.parametrize(
    ("shows", "seen"),
    [({}, []), ({"shows_name": "on"}, ["Rosa Łuk"]), ({"shows_role": "on"}, ["Chair"])],
)
def test_of_its_representative_only_what_she_wants_is_shown(cast, mailbox, stranger, shows, seen):
    join(mailbox, **{"shows_name": "", "shows_role": "", **shows})
    accept(cast)

    everything = "".join([*pages(stranger), *exporting.organisations_as_csv(cast.letter.id)])

    assert [word for word in ("Rosa Łuk", "Chair") if word in everything] == seen


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"domain": "gmail.com"}, "Anybody can have a page or a mailbox there"),
        ({"domain": "co.uk"}, "Anybody can have a page or a mailbox there"),
        ({"domain": "not a website"}, "This is no website"),
        ({"domain": "http://[x"}, "This is no website"),
        ({"domain": ""}, "Enter the organisation’s website"),
        ({"name": "=cmd()"}, "Please begin with a letter"),
        ({"name": "see www.x.example"}, "without a link"),
        ({"name": ""}, "Enter the name that shall stand"),
        ({"representative": "ROSA LUXEMBURG"}, "without capitals throughout"),
        ({"representative": "a\u202eb"}, "turn the direction"),
        ({"representative_role": ""}, "Enter your role there"),
        ({"may_sign": ""}, "Tick this if you may"),
        ({"email": "rosa"}, "This is not an e-mail address"),
        ({"version": "0" * 64}, "text changed while you were reading"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(cast, stranger, form, said):
    page = stranger.post(JOIN, {**UNION, "email": "rosa@union.example", **form})

    assert page.status_code == 422
    assert said in page.content.decode()
    assert "Rosa Łuk" in page.content.decode() or "representative" in form
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    ("typed", "domain"),
    [
        ("union.example", "union.example"),
        (" HTTPS://WWW.Union.Example:443/x#y ", "union.example"),
        ("https://bücher.example", "xn--bcher-kva.example"),
        ("//union.example/", "union.example"),
    ],
)
def test_a_website_is_read_as_people_paste_it(typed, domain):
    assert joining.own_domain(typed) == domain


def test_a_mailbox_elsewhere_needs_a_word_of_how_it_was_checked(cast, mailbox, stranger):
    join(mailbox, "rosa@gmail.com")

    with pytest.raises(organisations.NotPossible, match="Say how you checked"):
        accept(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.update(state="shown", shown_on=TODAY)
    accept(cast, "called the number on its website")

    assert "checked by the organisers: called the number on its website" in stranger.get(LIST).content.decode()


def test_its_representative_takes_it_back_and_nobody_else_can(cast, mailbox, stranger):
    join(mailbox)
    accept(cast)

    answers = [leave(mailbox, "eve@union.example"), leave(mailbox, domain="other.example")]
    assert "Robot Workers" in stranger.get(LIST).content.decode()
    answers.append(leave(mailbox, "Rosa+x@UNION.example"))

    assert {answer.headers["Location"] for answer in answers} == {f"{LEAVE}done/"}
    page = stranger.get(LIST).content.decode()
    assert "Robot Workers" not in page
    assert "1 organisation took its signature back" in page
    row = Organisation.objects.get()
    assert (row.state, row.name, row.domain, row.representative, row.tag) == ("withdrawn", "", "", "", None)


def test_one_that_waits_leaves_nothing_when_it_is_taken_back(cast, mailbox):
    join(mailbox)

    leave(mailbox)

    assert not Organisation.objects.exists()


def test_other_words_of_the_same_mailbox_replace_what_stood_once_they_are_accepted(cast, mailbox, stranger):
    join(mailbox)
    accept(cast)
    join(mailbox, name="Wrong")
    join(mailbox, name="Union of Robot Workers")

    assert [one.name for one in organisations.waiting(cast.campaign.directory_id)] == ["Union of Robot Workers"]
    assert "Robot Workers’ Union" in stranger.get(LIST).content.decode()
    accept(cast)

    page = stranger.get(LIST).content.decode()
    assert "Union of Robot Workers" in page
    assert "Robot Workers’ Union" not in page


def test_somebody_else_does_not_replace_it(cast, mailbox):
    join(mailbox)
    accept(cast)
    join(mailbox, "mallory@union.example", name="Us")

    with pytest.raises(organisations.NotPossible, match="Somebody else signed"):
        accept(cast)

    assert Organisation.objects.filter(state="shown").get().name == "Robot Workers’ Union"


def test_nothing_joins_a_representative_with_her_own_signature(cast, mailbox):
    sign(mailbox, address="rosa@union.example", visibility="confidential")
    join(mailbox)

    organisation = Organisation.objects.get()
    assert bytes(organisation.tag) not in {bytes(tag.digest) for tag in Tag.objects.all()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM letters_tag WHERE digest = %s", [bytes(organisation.tag)])
        assert cursor.fetchall() == []


def test_the_pages_are_the_same_for_every_address_and_above_the_limit(cast, mailbox, settings):
    settings.CODES_PER_ADDRESS_PER_DAY = 2
    join(mailbox)
    accept(cast)

    seen = []
    for address in ("rosa@union.example", "rosa@union.example", "never@union.example"):
        for path, form in ((JOIN, UNION), (LEAVE, {"domain": "union.example"})):
            client = Client()
            first = client.post(path, {**form, "email": address})
            seen.append((path, first.status_code, first.headers["Location"], bare(client.get(f"{path}code/"))))

    assert len(set(seen)) == 2
    assert len(mailbox("rosa@union.example")) == 2
    assert not any("union" in mail.text.lower() for mail in mailbox("rosa@union.example"))


def test_codes_do_not_fit_elsewhere(cast, mailbox):
    client = Client()
    client.post(JOIN, {**UNION, "email": "rosa@union.example"})
    code = code_of(mailbox("rosa@union.example")[-1].text)

    for path in ("/letters/robots/code/", "/letters/robots/withdraw/code/", f"{LEAVE}code/"):
        assert client.post(path, {"code": code}).status_code == 410
    assert client.post(f"{JOIN}code/", {"code": "22222222"}).status_code == 422
    assert client.post(f"{JOIN}code/again/").headers["Location"] == f"{JOIN}code/?again"
    assert client.get(f"{JOIN}code/again/").headers["Location"] == f"{JOIN}code/"
    assert Client().post(f"{LEAVE}code/again/").status_code == 410
    assert not Organisation.objects.exists()


def test_a_letter_that_does_not_offer_it_has_no_such_form(cast, mailbox, stranger):
    client = Client()
    client.post(JOIN, {**UNION, "email": "rosa@union.example"})
    code = code_of(mailbox("rosa@union.example")[-1].text)
    Letter.objects.update(takes_organisations=False)

    assert stranger.get(JOIN).status_code == 404
    late = client.post(f"{JOIN}code/", {"code": code})
    assert late.status_code == 409
    assert "people alone" in late.content.decode()
    assert "organisation" not in stranger.get("/letters/robots/").content.decode()


def test_closing_lets_go_of_what_waits_and_of_every_mailbox(cast, mailbox, stranger):
    join(mailbox)
    accept(cast)
    join(mailbox, "iris@other.example", domain="other.example")
    asked = Client()
    asked.post(JOIN, {**UNION, "email": "late@union.example"})
    late = code_of(mailbox("late@union.example")[-1].text)

    page = browser_of(cast.carla).get("/organise/campaigns/robots/letters/robots/close/").content.decode()
    organising.close_letter(campaign_letter=cast.campaign_letter, by=cast.carla, now=NOW + timedelta(days=5))

    assert "1 organisation waits for your answer" in page
    row = Organisation.objects.get()
    assert (row.state, row.tag) == ("shown", None)
    assert asked.post(f"{JOIN}code/", {"code": late}).status_code == 409
    assert "takes no more signatures" in stranger.get(JOIN).content.decode()
    assert "destroyed when it closed" in stranger.get(LEAVE).content.decode()


def test_exports_have_them_apart_and_no_formula(cast, mailbox):
    join(mailbox)
    accept(cast)
    Organisation.objects.update(name="=1+1")

    [head, row] = csv.reader(io.StringIO("".join(exporting.organisations_as_csv(cast.letter.id)).lstrip("\ufeff")))
    kept = json.loads("".join(exporting.as_json(cast.letter)))

    assert head[:4] == ["name", "website", "representative", "role"]
    assert row[:4] == ["'=1+1", "union.example", "Rosa Łuk", "Chair"]
    assert (kept["signatures"], kept["organisations"][0]["website"]) == ([], "union.example")
    assert kept["totals"] == {"public": 0, "confidential": 0, "all": 0}
    assert "union" not in "".join(exporting.as_csv(cast.letter.id))


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "withdrawn", "over_on": TODAY},
        {"state": "removed", "over_on": TODAY, "name": "", "domain": "", "representative": "", "tag": None},
        {"name": ""},
        {"state": "shown", "shown_on": None},
    ],
)
def test_the_database_keeps_no_word_of_what_is_gone(cast, mailbox, wrong):
    join(mailbox)

    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.update(**wrong)


def test_lists_of_hundreds_have_pages(cast, stranger, monkeypatch):
    monkeypatch.setattr(organisations, "PAGE", 2)
    letter = Letter.objects.get()
    for number in range(5):
        Organisation.objects.create(
            letter=letter, version=letter.current, state="shown", name=f"Union {number}", domain=f"u{number}.example",
            representative="R", at_domain=True, asked_on=TODAY, shown_on=TODAY,
        )  # fmt: skip

    second = stranger.get(LIST, {"page": "2"})

    assert [one.name for one in second.context["organisations"]] == ["Union 2", "Union 3"]
    for nonsense in ("x", "0", "-1", "99999", "9999"):
        assert stranger.get(LIST, {"page": nonsense}).status_code == 200
