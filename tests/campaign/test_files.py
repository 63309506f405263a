"""Campaign files: what is in the file is in the record, all of it or nothing, and comes out as it went in."""

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from campaign import organising, record
from campaign import queries as campaign_queries
from campaign.files import Faulty, export_campaign, import_campaign, published
from campaign.models import Campaign, CampaignLetter, Entry, Precision, Reminder, Source, Team
from letters import publishing, queries
from letters.models import Directory, EmployerDomain, Letter, PublicSignature, Version
from tests.cast import once, organiser

EXAMPLES = Path(__file__).parents[2] / "examples"
ICEOUT = (EXAMPLES / "iceout-2026.yaml").read_text(encoding="utf-8")
FICTION = (EXAMPLES / "eyes-off-our-desks.yaml").read_text(encoding="utf-8")
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
HISTORIES = int(os.environ.get("HISTORIES", "8"))

SMALL = """\
format: undersigned-campaign/1
campaign:
  slug: small
  title: Small
demands:
  - key: first
    text: Do the first thing
  - key: second
    text: Say it
    must_be_public: true
employers:
  - key: acme
    name: Acme
    domains: [acme.example]
executives:
  - key: tim
    name: Tim
    title: Chief executive
    employer: acme
sources:
  - key: paper
    title: A paper
    published: 2026-01
    published_precision: month
letters:
  - key: letter
    slug: small
    title: A small letter
    state: open
    reply_by: 2026-12-24T12:00:00+01:00
    body: |
      Please answer.
entries:
  - key: said
    kind: statement
    state: checked
    executives: [tim]
    date: 2026-01-26
    precision: day
    audience: public
    bearings:
      first: partly
    sources: [paper]
"""


# One more executive, who has not answered: there is something to remind of.
SILENCE = SMALL.replace(
    "  - key: tim\n", "  - key: eve\n    name: Eve\n    title: Chief executive\n    employer: acme\n  - key: tim\n"
)


# Everything that a letter's page asks its team beside the text.
PLANNED = SMALL.replace("  title: Small\n", "  title: Small\n  approvals_needed: 2\n").replace(
    "    state: open\n",
    """    opens_at: 2026-12-01T09:00:00+00:00
    goal: 500
    signers:
      employers: [acme]
      former_too: true
      takes: [reviewed]
      counts: []
      organisations: true
      reasons: true
""",
)


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path):
    settings.KEYRING_DIR = tmp_path / "keys"
    settings.VAR_DIR = tmp_path / "var"
    settings.DEVELOPMENT = True


def bring_in(text: str, *, now: datetime = NOW, team: str | None = None):
    def come_in():
        report = import_campaign(text, file_name="x.yaml", team_name=team, now=now)
        return replace(report, slug=str(report.slug))  # not a word with its line in the file

    if Directory.objects.exists() or User.objects.exists():
        return come_in()
    return once(f"{team} {now} {text}", come_in)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the two apps, ids and moments included."""
    models = [*apps.get_app_config("campaign").get_models(), *apps.get_app_config("letters").get_models()]
    links = [Entry.executives.through, Entry.sources.through]
    return {model.__name__: sorted(model.objects.values_list(), key=repr) for model in [*models, *links]}


def empty_the_database() -> None:
    CampaignLetter.objects.all().delete()
    Campaign.objects.all().delete()
    Letter.objects.update(state="draft", current=None, opened_at=None, closed_at=None, key_destroyed_at=None)
    Letter.objects.all().delete()
    Team.objects.all().delete()


def faults_of(text: str) -> list[tuple[int, str]]:
    with pytest.raises(Faulty) as caught:
        bring_in(text)
    return [(fault.line, fault.text) for fault in caught.value.faults]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


class TestTheRealCampaign:
    def test_every_reported_fact_is_in_the_record_and_no_other(self, db):
        reported = yaml.safe_load((Path(__file__).parent / "iceout_facts.yaml").read_text(encoding="utf-8"))

        bring_in(ICEOUT)

        assert as_reported(Campaign.objects.get()) == in_order(reported)

    def test_what_counts_for_a_demand_is_kept_apart_from_what_does_not(self, db):
        bring_in(ICEOUT)

        campaign = Campaign.objects.get()
        assert [demand.key for demand in campaign.demands.filter(must_be_public=True)] == ["speak"]
        internal = campaign.entries.get(key="altman-internal")
        assert internal.audience == "internal"
        assert [(one.demand.key, one.said) for one in internal.bearings.all()] == [("speak", "not_public")]
        assert campaign.entries.get(key="altman-2016").kind == "position"
        assert campaign.entries.get(key="silent-january").what == "Silent despite widespread calls for comment"
        assert not Source.objects.exclude(address="").exists()
        assert campaign.is_example

    def test_nothing_is_said_of_who_recorded_or_checked_it(self, db):
        bring_in(ICEOUT)

        kept = set(
            Entry.objects.values_list(
                "imported", "state", "recorded_by", "checked_by", "recorded_at", "checked_at", "verdict"
            )
        )
        assert kept == {(True, "checked", None, None, NOW, NOW, "")}

    def test_its_letter_is_open_says_that_it_is_an_example_and_has_no_signature(self, db):
        bring_in(ICEOUT)

        letter = queries.letter("iceout-2026")
        assert letter.is_open
        assert letter.is_example
        assert letter.body.startswith("*This is an example text")
        assert letter.demands == (
            "Call the White House and demand that ICE leave US cities",
            "Cancel all company contracts with ICE",
            "Speak out publicly against ICE violence",
        )
        assert letter.addressees == (
            "Dario Amodei, Chief executive, Anthropic",
            "Sam Altman, Chief executive, OpenAI",
            "Tim Cook, Chief executive, Apple",
            "Chief executive, Google",
            "Chief executive, Microsoft",
            "Chief executive, Meta",
            "Andy Jassy, Chief executive, Amazon",
            "Lisa Su, Chief executive, AMD",
        )
        assert not PublicSignature.objects.exists()
        assert queries.numbers(letter.id).total == 0
        assert not Reminder.objects.exists()


class TestTheDocumentation:
    def test_its_complete_file_is_one(self, db):
        page = (EXAMPLES.parent / "docs" / "campaign-files.md").read_text(encoding="utf-8")
        text = page.partition("```yaml\n")[2].partition("```")[0]

        bring_in(text)

        assert queries.letter("quiet-hours").is_open
        assert Entry.objects.get().state == "checked"


class TestTwiceAndThereAndBack:
    @pytest.mark.parametrize("text", [ICEOUT, FICTION, SMALL, PLANNED])
    def test_importing_twice_changes_nothing_row_by_row(self, db, text):
        first = bring_in(text)
        before = everything()

        second = bring_in(text, now=LATER)

        assert first.made
        assert second.nothing_changed
        assert not second.left_alone
        assert everything() == before

    @pytest.mark.parametrize(
        ("text", "slug"),
        [(ICEOUT, "iceout-2026"), (FICTION, "eyes-off-our-desks"), (SMALL, "small"), (PLANNED, "small")],
    )
    def test_what_is_exported_is_the_same_campaign_elsewhere(self, db, text, slug):
        bring_in(text)
        exported = export_campaign(slug)
        before = everything()
        assert bring_in(exported, now=LATER).nothing_changed
        assert everything() == before
        empty_the_database()

        report = bring_in(exported, now=LATER)

        assert report.made
        assert export_campaign(slug) == exported

    def test_who_may_sign_the_goal_the_opening_and_the_rule_come_along_and_stay_when_unmentioned(self, db):
        bring_in(PLANNED)

        left = bring_in(SMALL.replace("    state: open\n", ""), now=LATER).left_alone
        campaign, letter = Campaign.objects.get(), Letter.objects.get()
        one = CampaignLetter.objects.get()

        assert left == (
            "letters: the goal of letter is not in the file.", "letters: the opens_at of letter is not in the file.",
        )  # fmt: skip
        assert (campaign.approvals_needed, one.goal, len(one.opens_sha256)) == (2, 500, 64)
        assert (letter.for_anyone, letter.former_too, letter.takes_email, letter.takes_reviewed) == (
            False, True, False, True,
        )  # fmt: skip
        assert (letter.counts_email, letter.takes_organisations, letter.asks_reason) == (False, True, True)
        assert [row.key for row in letter.employers.all()] == ["acme"]

    def test_a_campaign_whose_letter_is_behind_its_demands_keeps_both(self, db):
        bring_in(SMALL)
        demand = Campaign.objects.get().demands.get(key="first")
        organising.change_demand(
            demand=demand, text="Do the first thing today", must_be_public=False, by=organiser("Carla"), now=NOW
        )
        exported = export_campaign("small")
        sha256 = queries.letter("small").sha256
        empty_the_database()

        bring_in(exported)

        assert queries.letter("small").sha256 == sha256
        assert Campaign.objects.get().demands.get(key="first").text == "Do the first thing today"
        assert export_campaign("small") == exported

    def test_a_closed_letter_is_closed_elsewhere_too_and_a_file_does_not_open_it_again(self, db):
        bring_in(SMALL)
        publishing.close_letter(letter_id=queries.letter("small").id, now=LATER)
        assert bring_in(SMALL, now=LATER).left_alone == ("letters: letter is closed and stays so.",)
        exported = export_campaign("small")
        empty_the_database()

        bring_in(exported, now=LATER)

        assert queries.letter("small").is_closed
        assert export_campaign("small") == exported

    @settings(max_examples=HISTORIES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        words=st.lists(
            st.text(
                st.one_of(
                    st.sampled_from("ab: #-'\"\\\n\t|>&*!%@`{}[],?~="),
                    st.characters(exclude_categories=("Cc", "Cs", "Cf", "Co", "Cn", "Zl", "Zp")),
                ),
                min_size=1,
                max_size=120,
            ).filter(str.strip),
            min_size=4,
            max_size=4,
        )
    )
    def test_any_text_comes_out_as_it_went_in(self, db, words):
        if not Campaign.objects.exists():
            bring_in(SMALL)
        with transaction.atomic():
            entry = Entry.objects.get()
            entry.quote, entry.what, entry.says, entry.about = words[0], words[1], words[2:], "2026-01-01"
            entry.save()

            report = bring_in(export_campaign("small"))

            assert report.nothing_changed
            transaction.set_rollback(True)

    def test_a_file_holds_no_person_of_the_team_and_no_rejected_entry(self, db, django_user_model):
        bring_in(SMALL)
        user = django_user_model.objects.create_user("oskar@team.example", None, display_name="Oskar")
        Entry.objects.update(recorded_by=user)
        Entry.objects.create(
            campaign=Campaign.objects.get(),
            key="no",
            kind="event",
            state="rejected",
            what="Wrong",
            verdict="Not so",
            recorded_at=NOW,
            checked_at=NOW,
            checked_by=user,
        )

        exported = export_campaign("small")

        assert "skar" not in exported
        assert "Wrong" not in exported
        assert "Not so" not in exported


class TestAChangedFile:
    def test_only_what_changed_in_the_file_changes(self, db):
        bring_in(ICEOUT)
        before = everything()

        report = bring_in(ICEOUT.replace("quote: the horror", "quote: the horror we see"), now=LATER)

        after = everything()
        assert report.changed == ("entries: amodei-post",)
        assert {name for name in after if after[name] != before[name]} == {
            "AuditEntry", "Citation", "Entry", "Entry_executives", "Shown",
        }  # fmt: skip
        original = Entry.objects.get(key="amodei-post-was-1")
        assert (original.quote, original.state) == ("the horror", "corrected")
        changed = Entry.objects.get(key="amodei-post")
        assert (changed.quote, changed.recorded_at, changed.checked_at) == ("the horror we see", LATER, LATER)
        assert not Entry.objects.exclude(key="amodei-post").exclude(recorded_at=NOW).exists()

    def test_references_of_an_entry_change_with_the_file(self, db):
        bring_in(FICTION)

        report = bring_in(
            FICTION.replace("executives: [sable-finch-ceo, ashdown, merriwether]", "executives: [ashdown]")
            .replace("      scores: refused\n    sources: [radio]", "      tell: met\n    sources: [tender]")
            .replace("name: Leopold Quillfeather", "name: Leopoldine Quillfeather"),
            now=LATER,
        )

        assert report.changed == (
            "entries: quillworks-takes-it-back",
            "entries: three-weeks-silent",
            "entries: guild-of-employers",
        )
        entries = Campaign.objects.get().entries
        assert [one.key for one in entries.get(key="three-weeks-silent").executives.all()] == ["ashdown"]
        taken_back = entries.get(key="quillworks-takes-it-back")
        assert [(one.demand.key, one.said) for one in taken_back.bearings.all()] == [("tell", "met")]
        assert [one.key for one in taken_back.sources.all()] == ["tender"]
        assert [one.name for one in entries.get(key="guild-of-employers").offices.order_by("pk")] == [
            "",
            "Leopoldine Quillfeather",
        ]

    def test_what_the_file_no_longer_mentions_is_left_alone_and_said(self, db):
        bring_in(SMALL)
        without = SMALL[: SMALL.index("entries:")].replace("[acme.example]", "[acme-corp.example]")

        report = bring_in(without.replace("    reply_by: 2026-12-24T12:00:00+01:00\n", ""))

        assert report.left_alone == (
            "employers: the domain acme.example of acme is not in the file.",
            "entries: said is not in the file.",
            "letters: the reply_by of letter is not in the file.",
        )
        assert Entry.objects.count() == 1
        assert set(EmployerDomain.objects.values_list("domain", flat=True)) == {"acme.example", "acme-corp.example"}

    def test_demands_change_places_and_an_unmentioned_one_goes_last(self, db):
        bring_in(SMALL.replace("state: open", "state: draft"))
        first = SMALL[SMALL.index("  - key: first") : SMALL.index("  - key: second")]
        third = "  - key: third\n    text: And this\n"

        bring_in(
            SMALL.replace("state: open", "state: draft").replace(first, third).replace("first: partly", "third: met")
        )

        numbered = Campaign.objects.get().demands.order_by("number").values_list("number", "key")
        assert list(numbered) == [(1, "third"), (2, "second"), (3, "first")]

    def test_the_team_decides_what_is_checked_and_the_file_does_not_take_it_back(self, db):
        recorded = SMALL.replace("state: checked", "state: recorded")
        bring_in(recorded)
        assert bring_in(SMALL, now=LATER).changed == ("entries: said, state",)

        report = bring_in(recorded, now=LATER)

        assert report.left_alone == ("entries: said was decided by your team and stays checked.",)
        assert Entry.objects.get().checked_at == LATER

    def test_a_draft_follows_the_file_and_opens_with_it(self, db):
        draft = SILENCE.replace("state: open", "state: draft")
        bring_in(draft)
        changed = draft.replace("Please answer.", "Answer, please.").replace(
            "title: A small", "language: de\n    title: A short"
        )

        bring_in(changed, now=LATER)
        letter = queries.letter("small", drafts=True)
        assert (letter.title, letter.body, letter.language) == ("A short letter", "Answer, please.\n", "de")
        assert not Reminder.objects.filter(kind="no_answer").exists()

        bring_in(changed.replace("state: draft", "state: open"), now=LATER)
        assert queries.letter("small").opened_at == LATER
        assert Reminder.objects.get(state="planned").due_at == datetime(2026, 12, 24, 11, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("Please answer.", "Please answer soon."),
            ("title: A small letter", "title: A tiny letter"),
            ("title: A small letter", "language: de\n    title: A small letter"),
            ("title: A small letter", "demands: [Something else]\n    title: A small letter"),
        ],
    )
    def test_an_open_letter_is_never_given_another_text(self, db, old, new):
        bring_in(SMALL)
        before = everything()

        faults = faults_of(SMALL.replace(old, new).replace("name: Tim", "name: Timothy"))

        assert faults == [
            (
                line_of(SMALL, "- key: letter"),
                'the letter "letter" has opened, and people sign its text as it stands: it cannot change any more.',
            )
        ]
        assert everything() == before
        assert Version.objects.count() == 1

    def test_a_reply_by_date_plans_its_reminder_and_moves_it(self, db):
        bring_in(SILENCE)
        assert Reminder.objects.get(kind="no_answer").due_at == datetime(2026, 12, 24, 11, tzinfo=UTC)

        bring_in(SILENCE.replace("2026-12-24", "2026-12-30"))

        assert Reminder.objects.get(state="planned").due_at == datetime(2026, 12, 30, 11, tzinfo=UTC)


class TestTeams:
    def test_a_new_campaign_goes_to_the_team_that_is_named(self, db):
        bring_in(SMALL, team="Night shift")
        bring_in(SMALL.replace("slug: small", "slug: other"), team="Night shift")

        assert Team.objects.get().name == "Night shift"
        assert Campaign.objects.count() == 2

    def test_a_campaign_of_another_team_is_not_touched_unless_it_is_named(self, db):
        bring_in(SMALL, team="Night shift")
        changed = SMALL.replace("title: Small", "title: Smaller")

        with pytest.raises(Faulty, match=r'x\.yaml, line 3: .*belongs to the team "Night shift"'):
            bring_in(changed)
        with pytest.raises(Faulty, match="Night shift"):
            bring_in(changed, team="Day shift")
        assert Campaign.objects.get().title == "Small"
        assert Team.objects.count() == 1

        bring_in(changed, team="Night shift")
        assert Campaign.objects.get().title == "Smaller"


FAULTS = [
    ("undersigned-campaign/1", "undersigned-campaign/2", "format", '"undersigned-campaign/2" is not possible here'),
    ("title: Small\n", "title: Small\n  titel: Small\n", "titel", 'did you mean "title"?'),
    ("title: Small\n", "title: Small\n  colour: red\n", "colour", '"colour" is not a field of the campaign.'),
    ("title: Small\n", "title: Small\n  title: Smaller\n", "title: Smaller", '"title" stands twice in this block.'),
    ("  title: Small\n", "", "slug: small", 'the campaign lacks "title".'),
    ("title: Small\n", "title:\n", "title:", "this field is empty"),
    ("title: Small\n", f"title: {'x' * 201}\n", "title:", "this text has 201 characters; 200 are allowed."),
    ("title: Small\n", 'title: "Sm\\0all"\n', "title:", "control character"),
    ("title: Small\n", 'title: "Sm\\u202eall"\n', "title:", "control character"),
    ("title: Small\n", "title: [Small]\n", "title:", "here must be a text."),
    ("title: Small\n", "title: &name Small\n", "title:", "anchors (&) and aliases (*) are not allowed"),
    ("title: Small\n", "title: *name\n", "title:", "anchors (&) and aliases (*) are not allowed"),
    ("title: Small\n", "title: !!python/name:os.system x\n", "title:", "tags (!) are not allowed"),
    ("title: Small\n", "title: Small\n  time_zone: Mars/Base\n", "Mars", '"Mars/Base" is not known here.'),
    ("title: Small\n", "title: Small\n  is_example: yes\n", "is_example", "here must be true or false."),
    ("title: Small\n", 'title: "Small\n', "title:", "this is not YAML"),
    ("must_be_public: true", "must_be_public: maybe", "must_be_public", "here must be true or false."),
    ("key: second", "key: first", "text: Say it", '"first" is listed twice under demands, first in line 6.', -1),
    ("key: acme\n", "key: ac me\n", "key: ac me", '"ac me" is no key'),
    ("[acme.example]", "[acme]", "domains:", "acme is no mail domain."),
    ("[acme.example]", "[gmail.com]", "domains:", "Anybody can have an address at gmail.com"),
    ("[acme.example]", "[acme.example, Acme.example]", "domains:", "is a domain of Acme already."),
    (
        "executives:\n  - key",
        "executives:\n  - key: tim\n    title: Chair\n    employer: acme\n  - key",
        "name: Tim",
        '"tim" is listed twice under executives, first in line 16.',
        -1,
    ),
    ("employer: acme", "employer: acmee", "acmee", 'employer "acmee" is not listed under employers.'),
    ("executives: [tim]", "executives: [tom]", "[tom]", 'executive "tom" is not listed under executives.'),
    ("executives: [tim]", "executives: [tim, tim]", "[tim, tim]", '"tim" stands twice in this list.'),
    ("executives: [tim]", "executives: []", "executives: []", "an entry of kind statement names an executive."),
    ("executives: [tim]", "executives: tim", "executives: tim", "here must be a list"),
    ("sources: [paper]", "sources: [papers]", "[papers]", 'source "papers" is not listed under sources.'),
    ("    sources: [paper]\n", "", "state: checked", "nothing is checked without a source"),
    ("first: partly", "third: partly", "third:", 'demand "third" is not listed under demands.'),
    ("first: partly", "first: perhaps", "first: perhaps", '"perhaps" is not possible here; choose one of: met, partly'),
    ("kind: statement", "kind: rumour", "kind: rumour", '"rumour" is not possible here; choose one of: statement'),
    ("audience: public", "audience: everybody", "audience", "choose one of: public, internal."),
    ("    audience: public\n", "", "- key: said", 'an entry of kind statement lacks "audience".'),
    (
        "audience: public",
        "audience: public\n    asks: More",
        "asks:",
        '"asks" is not a field of an entry of kind statement.',
    ),
    ("date: 2026-01-26", "date: 2026-02-30", "2026-02-30", 'there is no day "2026-02-30".'),
    ("date: 2026-01-26", "date: January", "January", '"January" is no date'),
    ("date: 2026-01-26", "date: 2026-01", "date: 2026-01", 'the date "2026-01" contradicts its precision "day".'),
    ("date: 2026-01-26", "date: 2027-01-26", "2027", '"2027-01-26" is still to come.'),
    ("    precision: day\n", "", "date: 2026-01-26", '"date" needs "precision".'),
    ("precision: day", "precision: hour", "precision: hour", '"hour" is not possible here'),
    ("published: 2026-01\n", "published: 2026-01-05\n", "published:", "contradicts its precision"),
    ("title: A paper", "title: A paper\n    address: paper", "address:", '"paper" is no web address'),
    ("state: open", "state: closing", "state: closing", "choose one of: draft, open, closed."),
    ("    body: |\n      Please answer.\n", "", "- key: letter", "a letter that is open has a body."),
    ("title: Chief executive", "title: Chief executive\n    addressed: false", "- key: letter", "addresses nobody"),
    ("+01:00", "", "reply_by", "is no moment"),
    ("2026-12-24T12", "2026-12-32T12", "reply_by", "is no moment"),
    ("state: open", "state: open\n    goal: many", "goal", "here must be a whole number from 1"),
    ("state: open", "state: open\n    goal: 0", "goal", "here must be a whole number from 1"),
    ("state: open", "state: open\n    opens_at: 2026-12-01T09:00Z", "opens_at", "only a draft opens by itself."),
    ("state: open", "opens_at: 2026-01-01T09:00Z", "opens_at", "this moment has passed."),
    ("state: open", "signers: {employers: [none]}", "signers", 'employer "none" is not listed under employers.'),
    ("state: open", "signers: {takes: [badge]}", "signers", "choose one of: email, reviewed."),
    ("state: open", "signers: {former_too: true}", "signers", "this takes evidence, and named employers"),
    ("title: Small\n", "title: Small\n  approvals_needed: -1\n", "approvals", "here must be a whole number from 0"),
    ("entries:\n", "entries:\n  - said\n", "- said", "here must be an entry"),
]


class TestFaults:
    @pytest.mark.parametrize("case", FAULTS, ids=lambda case: f"{case[1][:40]!r}")
    def test_each_is_said_with_its_line_and_nothing_is_imported(self, db, case):
        old, new, where, message, *shift = case
        assert SMALL.count(old) >= 1
        text = SMALL.replace(old, new, 1)

        faults = faults_of(text)

        expected = line_of(text, where) + (shift[0] if shift else 0)
        assert any(line == expected and message in said for line, said in faults), faults
        assert not Campaign.objects.exists()
        assert not Letter.objects.exists()
        assert not Team.objects.exists()

    def test_all_are_listed_up_to_twenty(self, db):
        two = SMALL.replace("kind: statement", "kind: rumour").replace("must_be_public: true", "must_be_public: 1")
        assert [line for line, _ in faults_of(two)] == [line_of(two, "must_be_public"), line_of(two, "kind:")]

        many = SMALL + "".join(f"  - key: e{n}\n    kind: event\n    colour: red\n    what: x\n" for n in range(30))
        faults = faults_of(many)
        assert len(faults) == 20
        assert faults[-1][1] == "there are more faults than these; mend these first."

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("", "the file is empty"),
            ("[]", "here must be a campaign file"),
            ("a: " + "[" * 2000, "nested too deeply"),
            ("# " + "x" * 2_000_001, "larger than 2 MB"),
            ("a: b\n---\na: b", "this is not YAML"),
            ("a: \x07", "cannot be shown"),
            ('a: "\\UFFFFFFFF"', "there is no such character"),
            ('a: "\\ud800"', '"a" is not a field'),
            ("? [a]\n: b", "a field's name must be a word"),
            ("<<: {a: b}", '"<<" is not a field'),
        ],
    )
    def test_what_is_no_campaign_at_all_is_refused_kindly(self, db, text, message):
        assert any(message in said for _, said in faults_of(text))

    def test_an_address_of_another_campaigns_letter_is_refused(self, db):
        bring_in(SMALL)

        faults = faults_of(SMALL.replace("slug: small", "slug: other", 1))

        assert faults == [(27, 'the address "small" belongs to another letter.')]
        assert Campaign.objects.count() == 1

    @settings(max_examples=2 * HISTORIES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def test_no_damage_to_a_file_brings_down_more_than_the_import(self, db, data):
        text = damaged(data, data.draw(st.sampled_from([SMALL, FICTION[:6000]])))

        with transaction.atomic():
            try:
                bring_in(text)
            except Faulty as faulty:
                assert str(faulty).startswith("x.yaml, line ")
            transaction.set_rollback(True)


class TestCommands:
    def test_import_and_export_say_what_they_did(self, db, tmp_path, capsys):
        file = tmp_path / "small campaign.yaml"
        file.write_text(SMALL, encoding="utf-8")

        call_command("import_campaign", str(file), team="Night shift")
        assert "Made: campaign: small" in capsys.readouterr().out
        call_command("import_campaign", str(file), team="Night shift")
        assert capsys.readouterr().out == "The campaign small stands as in the file; nothing was changed.\n"
        call_command("export_campaign", "small")
        out = capsys.readouterr().out
        call_command("export_campaign", "small", str(tmp_path / "out.yaml"))
        assert (tmp_path / "out.yaml").read_text(encoding="utf-8") == out == export_campaign("small")

    def test_a_faulty_file_is_a_command_error_with_its_lines(self, db, tmp_path):
        file = tmp_path / "small.yaml"
        file.write_text(SMALL.replace("executives: [tim]", "executives: [tom]"), encoding="utf-8")

        with pytest.raises(CommandError) as caught:
            call_command("import_campaign", str(file))

        assert str(caught.value) == (
            f'Nothing was imported.\n{file}, line 37: executive "tom" is not listed under executives.'
        )

    def test_files_that_cannot_be_read_are_said_in_a_sentence(self, db, tmp_path):
        (tmp_path / "bytes.yaml").write_bytes(b"a: b\n\xff\xfe")

        with pytest.raises(CommandError, match="No such file"):
            call_command("import_campaign", str(tmp_path / "none.yaml"))
        with pytest.raises(CommandError, match="line 2: this is not UTF-8 text"):
            call_command("import_campaign", str(tmp_path / "bytes.yaml"))
        with pytest.raises(CommandError, match='There is no campaign "none"'):
            call_command("export_campaign", "none")


def damaged(data: st.DataObject, text: str) -> str:
    lines = text.split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        how = data.draw(st.sampled_from(["drop", "twice", "indent", "swap", "cut", "insert", "value"]))
        line = lines[at]
        if how == "drop":
            lines[at] = ""
        elif how == "twice":
            lines[at] = f"{line}\n{line}"
        elif how == "indent":
            lines[at] = data.draw(st.sampled_from(["  ", "    ", "- ", "\t"])) + line
        elif how == "swap":
            other = data.draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], line
        elif how == "cut":
            lines[at] = line[: data.draw(st.integers(0, len(line)))]
        elif how == "insert":
            place = data.draw(st.integers(0, len(line)))
            lines[at] = line[:place] + data.draw(st.text(max_size=6)) + line[place:]
        else:
            value = data.draw(
                st.sampled_from(["~", "[]", "{}", "0", "true", "2026-13", "acme", "'", '"\\0"', "x" * 400])
            )
            lines[at] = line.partition(":")[0] + ": " + value
    return "\n".join(lines)


def as_reported(campaign: Campaign) -> dict[str, Any]:
    """The record in the shape in which the facts were first written down."""
    employers = {one.id: one for one in queries.employers(campaign.directory_id)}
    by_kind: dict[str, list[Entry]] = {}
    for entry in campaign.entries.all():
        by_kind.setdefault(entry.kind, []).append(entry)
    return in_order(
        {
            "sources": {one.key: source_as_reported(one) for one in campaign.sources.all()},
            "campaign": {
                "title": campaign.title,
                "organisers": campaign.organisers,
                "organisers_named": campaign.organisers_named,
                "demands": [{"key": one.key, "text": one.text} for one in campaign.demands.order_by("number")],
            },
            "companies": [
                filled(key=one.key, name=one.name, email_domains=list(one.domains)) for one in employers.values()
            ],
            "executives": [
                filled(key=one.key, name=one.name, title=one.title, company=employers[one.employer_id].key)
                | {"addressed": one.addressed}
                for one in campaign.executives.all()
            ],
            "statements": [statement_as_reported(one) for one in by_kind["statement"]],
            "no_response": [
                {"executives": keys(one.executives), "as_of": one.date, "sources": keys(one.sources)}
                for one in by_kind["silence"]
            ],
            "conduct": [
                {
                    "executives": keys(one.executives),
                    "what": one.what,
                    "date": when(one.date, one.precision),
                    "sources": keys(one.sources),
                }
                for one in by_kind["conduct"]
            ],
            "reactions": [
                filled(
                    by=one.by,
                    title=one.by_title,
                    company=employers[one.by_employer_id].key if one.by_employer_id else "",
                    signatory=one.signatory,
                    to=keys(one.executives),
                    what=one.what,
                    sources=keys(one.sources),
                )
                for one in by_kind["reaction"]
            ],
            "past_positions": [
                {
                    "executive": one.executives.get().key,
                    "date": when(one.date, one.precision),
                    "what": one.what,
                    "sources": keys(one.sources),
                }
                for one in by_kind["position"]
            ],
            "related_letters": [
                {
                    "title": one.title,
                    "signed_by_office": [
                        filled(title=office.title, name=office.name, company=employers[office.employer_id].key)
                        for office in one.offices.order_by("pk")
                    ],
                    "asks": one.asks,
                    "criticism": one.criticism,
                    "sources": keys(one.sources),
                }
                for one in by_kind["related_letter"]
            ],
            "timeline": [
                {"date": when(one.date, one.precision), "what": one.what, "sources": keys(one.sources)}
                for one in by_kind["event"]
            ],
        }
    )


def source_as_reported(source: Source) -> dict[str, Any]:
    published = source.published
    if source.published_precision != Precision.DAY:
        published = when(source.published, source.published_precision)
    return filled(
        title=source.title,
        publisher=source.publisher,
        author=source.author,
        address=source.address,
        published=published,
    )


def statement_as_reported(entry: Entry) -> dict[str, Any]:
    return filled(
        executive=entry.executives.get().key,
        channel=entry.channel,
        outlet=entry.outlet,
        audience=entry.audience,
        reported_by=entry.reported_by,
        quote=entry.quote,
        also_quoted=entry.also_quoted,
        about=entry.about,
        date=when(entry.date, entry.precision),
        says=entry.says,
        what=entry.what,
        bears_on={one.demand.key: one.said for one in entry.bearings.all()},
        tone=entry.tone,
        sources=keys(entry.sources),
    )


def when(day: date | None, precision: str) -> dict[str, Any]:
    assert day is not None
    written: Any = {"month": f"{day:%Y-%m}", "year": day.year}.get(precision, day)
    return {"date": written, "precision": precision}


def keys(related: Any) -> list[str]:
    return list(related.order_by("pk").values_list("key", flat=True))


def filled(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in ("", None, [], {}, False)}


def in_order(facts: dict[str, Any]) -> dict[str, Any]:
    """Lists of facts in one order; the order within a fact stays."""
    return {name: sorted(value, key=repr) if isinstance(value, list) else value for name, value in facts.items()} | {
        "sources": dict(sorted(facts["sources"].items()))
    }


HELD = """\
    holders:
      - key: tim-1
        name: Sam
      - key: tim-2
        name: Tim
        since: 2026-02
        precision: month
        source: paper
"""
OF_SAM = """\
  - key: sam-said
    kind: statement
    state: checked
    executives: [tim]
    date: 2026-01-10
    precision: day
    audience: public
    quote: No.
    bearings:
      first: refused
    sources: [paper]
"""


@pytest.mark.django_db
class TestHolders:
    def small(self, held: str = HELD, entries: str = OF_SAM) -> str:
        text = SMALL.replace("    employer: acme\nsources", f"    employer: acme\n{held}sources")
        standing = (
            "standings:\n  - executive: tim\n    demand: first\n    holder: tim-1\n    standing: refused\n"
            "    reason: He said no.\n    evidence: [sam-said]\n    state: checked\n"
        )
        return text.partition("entries:")[0] + "entries:\n" + entries + (standing if held and entries else "")

    def test_come_in_and_go_out_as_they_are(self):
        import_campaign(self.small(), file_name="x", team_name="T", now=NOW)
        again = import_campaign(self.small(), file_name="x", team_name="T", now=LATER)

        page = campaign_queries.executive_page("small", "tim", now=LATER)

        assert again.nothing_changed
        assert [part.term.name for part in page.parts] == ["Tim", "Sam"]
        assert [part.cells[0].standing for part in page.parts] == ["unaddressed", "refused"]
        assert yaml.safe_load(export_campaign("small"))["executives"][0]["holders"] == yaml.safe_load(HELD)["holders"]
        assert published.record_csv("small").splitlines()[1].split(",")[11] == "Sam"
        import_campaign(
            published.record_json("small").replace('"slug": "small"', '"slug": "other"'), file_name="x",
            team_name="T", now=LATER,
        )  # fmt: skip
        assert campaign_queries.executive_page("other", "tim", now=LATER).parts[1].cells[0].standing == "refused"

    def test_of_a_file_from_before_there_were_any_nothing_is_lost(self):
        import_campaign(self.small(held="", entries=OF_SAM), file_name="x", team_name="T", now=NOW)
        import_campaign(self.small(), file_name="x", team_name="T", now=NOW)

        report = import_campaign(
            self.small(held="", entries=OF_SAM).replace("name: Tim", "name: Sam"), file_name="x", team_name="T",
            now=LATER,
        )  # fmt: skip

        assert "executives: the office tim changed hands here." in report.left_alone
        assert campaign_queries.executive_page("small", "tim", now=LATER).executive.person.name == "Tim"

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ("        source: paper\n", "", "a day and a source"),
            ("key: tim-2\n        name: Tim", "key: tim-2\n        name: Tom", "the one who is named above"),
            ("key: tim-2", "key: tim-1", "stands here twice"),
            ("holder: tim-1", "holder: tim-3", "is no holder of an office"),
            ("name: Sam\n", "name: Sam\n        since: 2026-01\n        precision: month\n", "has no beginning"),
        ],
    )
    def test_that_cannot_be_are_refused_with_their_line(self, old, new, message):
        with pytest.raises(Faulty, match=message):
            import_campaign(self.small().replace(old, new, 1), file_name="x", team_name="T", now=NOW)


@pytest.mark.django_db
class TestWhatIsPublicAlready:
    """A file corrects it as people do: beside the original, never over it."""

    text = OF_SAM.replace("sam-said", "said")
    standing = (
        "standings:\n  - executive: tim\n    demand: first\n    standing: refused\n    reason: He said no.\n"
        "    evidence: [said]\n    state: checked\n"
    )

    def small(self, *changes: tuple[str, str]) -> str:
        text = SMALL.partition("entries:")[0] + "entries:\n" + self.text + self.standing
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        return text

    def bring(self, *changes: tuple[str, str], now: datetime = NOW):
        return import_campaign(self.small(*changes), file_name="x", team_name="T", now=now)

    def test_is_shown_beside_what_the_file_says_now(self):
        self.bring()
        why = ("    quote: No.", "    quote: Never.\n    correction: The word was another.")

        report = self.bring(why, now=LATER)
        again = self.bring(why, now=LATER)

        page = campaign_queries.executive_page("small", "tim", now=LATER)
        [said] = page.said
        assert report.changed == ("entries: said",)
        assert again.nothing_changed
        assert (said.quote, said.original.quote, said.original.correction) == ("Never.", "No.", "The word was another.")
        assert page.cells[0].standing == "refused"
        assert len(page.cells[0].steps) == 2
        before = campaign_queries.executive_page("small", "tim", now=LATER, on=NOW.isoformat())
        assert [one.quote for one in before.said] == ["No."]

    def test_stays_until_a_correction_that_waits_is_checked(self):
        self.bring()

        text = self.small(("    quote: No.", "    quote: Never."), ("state: checked", "state: recorded"))
        import_campaign(text.replace(self.standing, ""), file_name="x", team_name="T", now=LATER)

        waiting = Entry.objects.get(key="said")
        assert (waiting.state, waiting.corrects.state) == ("recorded", "checked")
        assert [one.quote for one in campaign_queries.executive_page("small", "tim", now=LATER).said] == ["No."]
        self.bring(("    quote: No.", "    quote: Never."), now=LATER)
        assert [one.quote for one in campaign_queries.executive_page("small", "tim", now=LATER).said] == ["Never."]

    def test_and_taken_back_by_the_team_stays_so(self):
        self.bring()
        record.withdraw(entry=Entry.objects.get(key="said"), by=organiser("Carla"), reason="Wrong", now=LATER)
        text = self.small(("    quote: No.", "    quote: Never.")).replace(self.standing, "")

        report = import_campaign(text, file_name="x", team_name="T", now=LATER)

        assert "entries: said was taken back by your team and stays so." in report.left_alone
        assert Entry.objects.get().quote == "No."

    def test_turns_against_others_by_their_keys(self):
        said = (
            "  - key: unsaid\n    kind: statement\n    state: checked\n    executives: [tim]\n    date: 2026-01-20\n"
            "    precision: day\n    audience: public\n    quote: Not so.\n    turn: withdraws\n    earlier: said\n"
            "    sources: [paper]\nstandings:"
        )
        more = ("standings:", said)
        self.bring(more)
        again = self.bring(more, now=LATER)

        assert again.nothing_changed
        assert Entry.objects.get(key="unsaid").earlier.key == "said"
        assert "turn: withdraws\n    earlier: said" in export_campaign("small")
        self.bring(more, ("    quote: No.", "    quote: Never."), now=LATER)
        assert Entry.objects.get(key="unsaid").earlier.quote == "Never."
        with pytest.raises(Faulty, match="is no other statement"):
            self.bring(("standings:", said.replace("earlier: said", "earlier: paper")))
