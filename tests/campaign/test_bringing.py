"""A member brings in a file: a look first, all of it or nothing, and no second pair of eyes is left out."""

import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from campaign import deciding, record
from campaign.files import bringing, nodes
from campaign.models import (
    Audited,
    AuditEntry,
    CampaignLetter,
    Demand,
    Entry,
    Executive,
    HandedIn,
    Membership,
    Role,
    Source,
    StandingDecision,
    Team,
)
from letters import queries
from tests.campaign.test_record import say
from tests.cast import NOW, Cast, browser_of, organiser

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=9)
PAGE = "/organise/campaigns/robots/files/"
FILE = """\
format: undersigned-campaign/1
campaign:
  slug: robots
  title: Something else
demands:
  - key: stop-every-robot
    text: Stop some robots
  - key: report
    text: Report every month
employers:
  - key: acme
    name: Acme Incorporated
    domains: [acme.example, stolen.example]
  - key: gamma
    name: Gamma
    domains: [gamma.example]
executives:
  - key: cleo
    name: Cleo
    title: Chief executive
    employer: gamma
sources:
  - key: paper
    title: A paper
letters:
  - key: second
    slug: second
    title: A second letter
    state: open
    body: Please.
entries:
  - key: said
    kind: statement
    state: checked
    executives: [cleo]
    date: 2026-01-26
    precision: day
    audience: public
    quote: We will.
    bearings:
      report: met
    sources: [paper]
standings:
  - executive: cleo
    demand: report
    standing: met
    reason: She said so.
    evidence: [said]
    state: checked
"""
TABLE = (
    "kind,executive,date,audience,quote,source title\n"
    "statement,ada-boss,2026-01-20,public,One,A paper\nstatement,ada-boss,2026-01-21,public,Two,A paper\n"
)


@pytest.fixture
def edda(cast):
    """An editor of the team."""
    user = organiser("Edda")
    Membership.objects.create(team=cast.campaign.team, user=user, role=Role.EDITOR)
    return browser_of(user)


def hand(browser, text: str | bytes, name: str = "table.csv"):
    content = text.encode() if isinstance(text, str) else text
    return browser.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def looked(browser, text: str, name: str = "table.csv") -> str:
    """Handed in and looked at; answers the file's page."""
    answer = hand(browser, text, name)
    assert answer.status_code == 302, answer.content.decode()
    bringing.go_on(now=LATER)
    return answer.headers["Location"]


def words(browser, address: str) -> str:
    return " ".join(browser.get(address).content.decode().split())


def test_a_look_writes_nothing_and_the_import_all_of_it(cast):
    oskar = browser_of(cast.oskar)
    page = looked(oskar, TABLE)

    seen, before = words(oskar, page), Entry.objects.count() + Source.objects.count()
    oskar.post(page, {"import": "1"})
    bringing.go_on(now=LATER)

    assert "Would be added" in seen
    assert before == 0
    assert "Imported: 3 added, 0 changed." in words(oskar, page)
    assert [(one.state, one.recorded_by, one.imported) for one in Entry.objects.all()] == [
        ("recorded", cast.oskar, False)
    ] * 2
    assert HandedIn.objects.get().content == ""
    noted = AuditEntry.objects.get(what=Audited.FILE_BROUGHT_IN)
    assert (noted.by, noted.about) == (cast.oskar, "table.csv")


def test_a_members_file_adds_and_leaves_to_others_what_is_theirs(cast, edda):
    page = looked(edda, FILE, "robots.yaml")
    edda.post(page, {"import": "1"})
    bringing.go_on(now=LATER)

    told = words(edda, page)
    cast.campaign.refresh_from_db()
    assert "demands: report" in told
    assert (cast.campaign.title, cast.campaign.time_zone) == ("Stop the robots", "Europe/Berlin")
    assert list(Demand.objects.filter(campaign=cast.campaign).order_by("number").values_list("text", flat=True)) == [
        "Stop every robot", "Speak out publicly", "Report every month",
    ]  # fmt: skip
    acme = next(one for one in queries.employers(cast.campaign.directory_id) if one.key == "acme")
    assert (acme.name, acme.domains) == ("Acme", ("acme.example", "acme-alias.example"))
    for line in ("campaign: title differs", "demands: stop-every-robot differs", "employers: acme differs"):
        assert line in told
    second = CampaignLetter.objects.get(key="second")
    assert queries.letters([second.letter_id])[0].is_draft
    assert "second comes in as a draft" in told
    assert Executive.objects.get(key="cleo").name == "Cleo"
    assert AuditEntry.objects.filter(what=Audited.EMPLOYER_ADDED, by__display_name="Edda").count() == 1


def test_nobody_checks_by_a_file_what_she_brought_in_herself(cast, edda):
    page = looked(edda, FILE, "robots.yaml")
    edda.post(page, {"import": "1"})
    bringing.go_on(now=LATER)

    entry, standing = Entry.objects.get(key="said"), StandingDecision.objects.get()
    editor = entry.recorded_by
    assert (entry.state, standing.state, standing.decided_by) == ("recorded", "waiting", editor)
    with pytest.raises(record.NotPossible):
        record.check(entry=entry, by=editor, now=NOW)
    record.check(entry=entry, by=cast.oskar, now=NOW)
    with pytest.raises(deciding.NotPossible):
        deciding.check(decision=standing, by=editor, now=NOW)
    deciding.check(decision=standing, by=cast.oskar, now=NOW)


def test_what_is_public_is_corrected_beside_it_once_somebody_else_has_checked(cast):
    entry = say(cast)
    record.check(entry=entry, by=cast.oskar, now=NOW)
    page = looked(browser_of(cast.oskar), f"key,state,quote\n{entry.key},checked,Other words\n")

    browser_of(cast.oskar).post(page, {"import": "1"})
    bringing.go_on(now=LATER)

    correction = Entry.objects.get(corrects=entry)
    entry.refresh_from_db()
    assert (entry.state, correction.state, correction.recorded_by) == ("checked", "recorded", cast.oskar)


def test_faults_are_said_by_line_and_the_file_is_forgotten(cast):
    oskar = browser_of(cast.oskar)
    page = looked(oskar, TABLE.replace("2026-01-21", "yesterday"))

    told = words(oskar, page)

    assert '<td class="number">3</td>' in told
    assert "&quot;yesterday&quot; is no date" in told
    assert HandedIn.objects.get().content == ""
    assert "there is 1 fault" in told


def test_a_file_of_another_campaign_is_refused(cast, edda):
    other = FILE.replace("slug: robots", "slug: elsewhere")

    assert "this file is of the campaign &quot;elsewhere&quot;" in words(edda, looked(edda, other, "robots.yaml"))


def test_a_holder_who_is_not_on_record_is_said_and_not_written(cast, edda):
    named = FILE.replace("    executives: [cleo]\n", "    executives: [cleo]\n    holder: cleo-1\n").replace(
        "    employer: gamma\nsources",
        "    employer: gamma\n    holders:\n      - key: cleo-1\n        name: Cleo\nsources",
    )

    assert "the holder &quot;cleo-1&quot; is not on record here" in words(edda, looked(edda, named, "robots.yaml"))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("letter.docx", b"PK", "ends in .yaml, .json or .csv"),
        ("table.csv", "kind\né".encode("latin-1"), "Line 2 is not UTF-8"),
        ("table.csv", b"", "empty"),
        ("table.csv", b"kind\0", "no text"),
        ("table.csv", b"k" * (nodes.MOST_BYTES + 1), "larger than 2 MB"),
        ("table.csv", b"k" * (11 * 1024 * 1024), "larger than 2 MB"),
        ("robots.yaml", FILE.encode(), "Only owners and editors"),
    ],
)
def test_what_cannot_be_taken_is_said_at_the_field(cast, name, content, said):
    answer = hand(browser_of(cast.oskar), content, name)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not HandedIn.objects.exists()


def test_no_file_at_all_is_said_at_the_field(cast):
    assert "Choose a file first" in browser_of(cast.oskar).post(PAGE, {}).content.decode()


def test_only_who_may_record_comes_here_and_only_whose_file_it_is_imports_it(cast, edda, stranger):
    verifier = organiser("Nora")
    Membership.objects.create(team=cast.campaign.team, user=verifier, role=Role.VERIFIER)
    page = looked(edda, FILE, "robots.yaml")

    for user in (cast.vera, cast.mallory, verifier):
        assert browser_of(user).get(PAGE).status_code == browser_of(user).post(page).status_code == 404
    assert stranger.get(page).status_code == 302
    assert "Only owners and editors" in words_after(browser_of(cast.oskar), page, "cancel")
    assert "Only the one who handed a file in" in words_after(browser_of(cast.carla), page, "import")
    assert HandedIn.objects.get().state == "looked"
    assert "Cancelled" in words_after(browser_of(cast.carla), page, "cancel")


def words_after(browser, page: str, button: str) -> str:
    return browser.post(page, {button: "1"}, follow=True).content.decode()


def test_the_same_file_twice_is_one_and_another_waits(cast):
    oskar, carla = browser_of(cast.oskar), browser_of(cast.carla)

    first, again, other = hand(oskar, TABLE), hand(oskar, TABLE), hand(carla, TABLE)

    assert first.headers["Location"] == again.headers["Location"]
    assert other.status_code == 422
    assert "Another file of this campaign is being worked on" in other.content.decode()
    with pytest.raises(IntegrityError, match="file_one_at_a_time"), transaction.atomic():
        HandedIn.objects.create(campaign=cast.campaign, kind="record", name="x", content="x", handed_in_at=NOW)


def test_pressing_import_twice_imports_once_and_a_second_file_waits_its_turn(cast):
    oskar, carla = browser_of(cast.oskar), browser_of(cast.carla)
    page, other = looked(oskar, TABLE), looked(carla, TABLE.replace("One", "Three"))

    oskar.post(page, {"import": "1"})
    twice, meanwhile = words_after(oskar, page, "import"), words_after(carla, other, "import")
    bringing.go_on(now=LATER)

    assert "This changed a moment ago" in twice
    assert "Another file of this campaign" in meanwhile
    assert Entry.objects.count() == 2


def test_what_changed_since_the_look_is_looked_at_again(cast):
    oskar, carla = browser_of(cast.oskar), browser_of(cast.carla)
    page, other = looked(oskar, TABLE), looked(carla, TABLE.replace("One", "Three"))
    oskar.post(page, {"import": "1"})
    bringing.go_on(now=LATER)

    carla.post(other, {"import": "1"})
    bringing.go_on(now=LATER)
    told = words(carla, other)
    carla.post(other, {"import": "1"})
    bringing.go_on(now=LATER)

    assert "The campaign changed since you looked" in told
    assert HandedIn.objects.get(pk=other.rstrip("/").rpartition("/")[2]).state == "done"
    assert Entry.objects.count() == 3


def test_a_worker_that_dies_leaves_nothing_half_and_the_next_one_begins_again(cast, monkeypatch):
    oskar = browser_of(cast.oskar)
    page = looked(oskar, TABLE)
    oskar.post(page, {"import": "1"})

    def dies(*args, **kwargs):
        raise SystemExit

    with monkeypatch.context() as killed:
        killed.setattr(bringing, "_end", dies)
        with pytest.raises(SystemExit), transaction.atomic():
            bringing.go_on(now=LATER)
    HandedIn.objects.update(tries=1)

    assert not Entry.objects.exists()
    assert "is being imported" in words(oskar, page)
    bringing.go_on(now=LATER)
    assert Entry.objects.count() == 2


def test_a_file_on_which_workers_die_is_given_up_and_said(cast):
    oskar = browser_of(cast.oskar)
    page = hand(oskar, TABLE).headers["Location"]
    HandedIn.objects.update(tries=2)

    bringing.go_on(now=LATER)

    assert "The site stopped twice while it worked on this file. Nothing came in." in words(oskar, page)
    assert HandedIn.objects.get().content == ""


def test_what_takes_too_long_is_given_up_and_said(cast, monkeypatch):
    monkeypatch.setattr(bringing, "MOST_SECONDS", -1)
    monkeypatch.setattr(bringing, "paced", lambda tell, *, seconds: tell)

    page = looked(browser_of(cast.oskar), TABLE)

    assert "ask the operator of the site" in words(browser_of(cast.oskar), page)


def test_who_left_the_team_meanwhile_imports_nothing(cast):
    oskar = browser_of(cast.oskar)
    page = looked(oskar, TABLE)
    oskar.post(page, {"import": "1"})
    Membership.objects.filter(user=cast.oskar).delete()

    bringing.go_on(now=LATER)

    assert not Entry.objects.exists()
    assert HandedIn.objects.get().state == "given-up"


def test_files_that_nobody_imports_and_what_became_of_them_are_forgotten(cast):
    looked(browser_of(cast.oskar), TABLE)
    looked(browser_of(cast.carla), "kind\nshoe\n")
    HandedIn.objects.update(handed_in_at=NOW)

    assert bringing.forget(now=NOW + timedelta(hours=23)) == 0
    assert bringing.forget(now=NOW + timedelta(days=2)) == 1
    assert bringing.forget(now=LATER + timedelta(days=31)) == 1
    with pytest.raises(IntegrityError, match="file_is_gone_when_it_is_over"), transaction.atomic():
        HandedIn.objects.create(
            campaign=cast.campaign, kind="record", name="x", content="x", state="done", handed_in_at=NOW, over_at=NOW
        )


def test_it_stands_on_the_desk_until_it_is_over(cast):
    oskar, desk = browser_of(cast.oskar), "/organise/campaigns/robots/"
    page = looked(oskar, TABLE)

    assert "1 file that you handed in is not over" in words(oskar, desk)
    oskar.post(page, {"cancel": "1"})
    assert "that you handed in" not in words(oskar, desk)


def test_a_page_that_asks_how_far_it_is_is_told_when_to_stop(cast):
    oskar = browser_of(cast.oskar)
    page = hand(oskar, TABLE).headers["Location"]
    asked = {"HTTP_HX_REQUEST": "true"}

    moving = oskar.get(page, **asked)
    bringing.go_on(now=LATER)

    assert moving.status_code == 200
    assert "<progress" in moving.content.decode()
    assert oskar.get(page, **asked).status_code == 286


def test_a_table_parted_by_semicolons_is_read_too(cast):
    oskar = browser_of(cast.oskar)

    assert "Would be added" in words(oskar, looked(oskar, TABLE.replace(",", ";")))


def test_a_team_of_the_same_name_elsewhere_gets_nothing(cast, edda):
    Team.objects.create(name=cast.campaign.team.name)

    page = looked(edda, FILE, "robots.yaml")

    assert "Would be added" in words(edda, page)


def elsewhere(do) -> None:
    """Do it on a connection of its own, as another process would."""

    def work() -> None:
        try:
            do()
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


@pytest.mark.django_db(transaction=True)
def test_one_worker_works_on_a_file_and_whoever_cancels_it_up_to_the_last_moment_has_nothing_in_it(monkeypatch):
    cast, told, taken_up, there = Cast.assemble(), bringing._told, [], []
    how = {"campaign": cast.campaign, "kind": HandedIn.Kind.RECORD, "name": "t.csv", "language": "en", "now": NOW}
    file_id = bringing.hand_in(content=TABLE, by=cast.oskar, **how)
    with bringing._alone(file_id) as alone:
        elsewhere(lambda: taken_up.append(bringing.go_on(now=LATER)))
    assert (alone, taken_up, bringing.go_on(now=LATER)) == (True, [0], 1)
    bringing.begin(handed_in=HandedIn.objects.get(), by=cast.oskar)

    def meanwhile(report):
        there.append(Entry.objects.count())
        elsewhere(lambda: bringing.cancel(handed_in=HandedIn.objects.get(), now=NOW))
        return told(report)

    monkeypatch.setattr(bringing, "_told", meanwhile)
    bringing.go_on(now=LATER)

    assert (there, Entry.objects.count(), HandedIn.objects.get().state) == ([2], 0, "cancelled")
    monkeypatch.undo()
    told_of = []

    def at_once(tell, *, seconds):
        def cancelled(done, total):
            elsewhere(lambda: bringing.cancel(handed_in=HandedIn.objects.get(state="looking"), now=NOW))
            told_of.append(done)
            tell(done, total)

        return cancelled

    monkeypatch.setattr(bringing, "paced", at_once)
    bringing.hand_in(content=TABLE, by=cast.oskar, **how)
    bringing.go_on(now=LATER)

    assert told_of == [1]
    assert set(HandedIn.objects.values_list("state", "content")) == {("cancelled", "")}
    with pytest.raises(bringing.NotPossible, match="over already"):
        bringing.cancel(handed_in=HandedIn.objects.first(), now=NOW)
