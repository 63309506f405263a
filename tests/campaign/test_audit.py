"""The log of what members did: every act is on it, every member reads it, nobody changes it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from campaign import audit, audit_log, directory, membership, organising, outreach, record
from campaign.models import Audited, AuditEntry, Campaign, Executive, Reminder, ReminderKind, Role
from campaign.reminders import changing, planning
from letters import employers, queries
from tests.campaign.test_record import say
from tests.cast import NOW, browser_of, organiser

pytestmark = pytest.mark.django_db
LOG = "/organise/campaigns/robots/log/"


def note(cast, about="something", **more):
    audit.note(campaign=cast.campaign, by=cast.carla, what=Audited.CHECKED, about=about, now=NOW, **more)
    return AuditEntry.objects.latest("pk")


def kinds(cast):
    return list(AuditEntry.objects.filter(campaign=cast.campaign).order_by("pk").values_list("what", flat=True))


class TestWhatIsNoted:
    def test_beginning_a_campaign_and_opening_its_letter_are_on_it(self, cast):
        assert kinds(cast) == [
            Audited.STARTED,
            Audited.DEMAND_ADDED,
            Audited.DEMAND_ADDED,
            Audited.EXECUTIVE_ADDED,
            Audited.EXECUTIVE_ADDED,
            Audited.OPENED,
        ]

    def test_what_changes_a_campaign_is_on_it(self, cast):
        before = len(kinds(cast))
        by = {"by": cast.carla, "now": NOW}
        acme = next(one for one in queries.employers(cast.campaign.directory_id) if one.id == cast.acme)

        directory.add_employer(campaign=cast.campaign, name="Gamma", domains=["gamma.example"], **by)
        directory.change_employer(campaign=cast.campaign, employer=acme, name="Acme", domains=["acme.example"], **by)
        organising.change_demand(demand=cast.act, text="Stop them", must_be_public=False, **by)
        organising.remove_demand(demand=cast.speak, **by)
        organising.offer_release(campaign_letter=cast.campaign_letter, least=50, **by)
        organising.ask_reply_by(campaign_letter=cast.campaign_letter, reply_by=NOW + timedelta(days=5), **by)
        organising.close_letter(campaign_letter=cast.campaign_letter, **by)

        assert kinds(cast)[before:] == [
            Audited.EMPLOYER_ADDED,
            Audited.EMPLOYER_CHANGED,
            Audited.DEMAND_CHANGED,
            Audited.DEMAND_REMOVED,
            Audited.RELEASE_SET,
            Audited.REPLY_BY_SET,
            Audited.CLOSED,
        ]
        changed = AuditEntry.objects.get(what=Audited.EMPLOYER_CHANGED)
        assert changed.about == "Acme (acme.example, acme-alias.example) → Acme (acme.example)"

    def test_what_is_refused_is_not_on_it(self, cast):
        before = kinds(cast)

        with pytest.raises(employers.NotPossible):
            directory.add_employer(campaign=cast.campaign, name="ACME", domains=[], by=cast.carla, now=NOW)
        with pytest.raises(record.NotPossible):
            record.check(entry=say(cast), by=cast.carla, now=NOW)

        assert kinds(cast) == [*before, Audited.RECORDED]

    def test_a_check_and_a_rejection_are_on_it_with_the_reason(self, cast):
        record.check(entry=say(cast), by=cast.oskar, now=NOW)
        record.reject(entry=say(cast), by=cast.oskar, reason="wrong day", now=NOW)

        last = AuditEntry.objects.latest("pk")
        assert kinds(cast)[-4:] == [Audited.RECORDED, Audited.CHECKED, Audited.RECORDED, Audited.REJECTED]
        assert (last.by, last.reason) == (cast.oskar, "wrong day")
        assert last.about.startswith("Ada Boss, Chief executive, Acme: ")

    def test_the_teams_people_are_on_it_and_whom_it_invited_is_not(self, cast):
        membership.invite(team=cast.campaign.team, email="new@team.example", role=Role.EDITOR, by=cast.carla, now=NOW)
        newcomer = organiser("New")
        [invitation] = membership.invitations_for(newcomer)
        membership.accept(invitation_id=invitation.pk, user=newcomer, now=NOW)
        member = cast.campaign.team.memberships.get(user=newcomer)
        membership.change_role(member=member, role=Role.VIEWER, by=cast.carla, now=NOW)
        membership.remove_member(member=member, by=cast.carla, now=NOW)

        last = AuditEntry.objects.filter(campaign=cast.campaign).order_by("-pk")[:4]
        assert [(row.what, row.about) for row in reversed(last)] == [
            (Audited.INVITED, "editor"),
            (Audited.JOINED, "New: editor"),
            (Audited.ROLE_CHANGED, "New: editor → viewer"),
            (Audited.MEMBER_REMOVED, "New"),
        ]

    def test_what_is_done_by_hand_to_mail_is_on_it(self, cast):
        organising.ask_reply_by(
            campaign_letter=cast.campaign_letter, reply_by=NOW + timedelta(days=5), by=cast.carla, now=NOW
        )
        one = Reminder.objects.get(kind=ReminderKind.NO_ANSWER, state__in=planning.LIVE)
        by = {"by": cast.carla, "now": NOW}
        before = len(kinds(cast))

        changing.hold(reminder=one, **by)
        changing.go_on(reminder=one, **by)
        changing.move(reminder=one, due_at=NOW + timedelta(days=9), **by)
        changing.cancel(reminder=one, **by)
        changing.restore(reminder=one, **by)
        changing.send_now(reminder=one, **by)
        changing.hold_all(campaign=cast.campaign, held=True, **by)
        with pytest.raises(changing.NotPossible):
            changing.go_on(reminder=one, **by)

        assert kinds(cast)[before:] == [
            Audited.REMINDER_HELD,
            Audited.REMINDER_WENT_ON,
            Audited.REMINDER_MOVED,
            Audited.REMINDER_CANCELLED,
            Audited.REMINDER_RESTORED,
            Audited.REMINDER_SENT,
            Audited.MAIL_HELD,
        ]

    def test_a_question_that_is_released_is_on_it(self, cast):
        Executive.objects.filter(pk=cast.ada.pk).update(office_address="office@acme.example")
        ada = Executive.objects.get(pk=cast.ada.pk)
        one = outreach.draft(executive=ada, subject="A question", body="Please answer.", now=NOW)

        outreach.release(outreach=one, by=cast.carla, now=NOW)

        assert kinds(cast)[-1] == Audited.OUTREACH_RELEASED

    def test_a_letter_that_closes_by_itself_is_closed_by_the_site(self, cast):
        closes = timezone.now() + timedelta(days=1)
        organising.close_at(campaign_letter=cast.campaign_letter, closes_at=closes, by=cast.carla, now=NOW)

        organising.close_due(now=closes)

        [newest, *_], _older = audit_log.acts(cast.campaign)
        assert (newest.what, newest.who) == ("letter closed", "the site")


class TestWhatItMustNotHold:
    def test_what_looks_like_an_address_is_left_out(self, cast):
        row = note(cast, "ana.souza@acme.example signed", reason="see <ana@acme.example>, a@b.c@d.e")

        assert row.about == "(address left out) signed"
        assert "@" not in row.reason

    def test_the_database_refuses_an_address(self, cast):
        with pytest.raises(IntegrityError, match="audit_entry_names_no_address"), transaction.atomic():
            AuditEntry.objects.create(
                campaign=cast.campaign, at=NOW, by_person=False, what="x", about="ana@acme.example"
            )

    def test_the_database_refuses_a_member_who_is_no_person(self, cast):
        with pytest.raises(IntegrityError, match="audit_entry_of_a_member_is_by_a_person"), transaction.atomic():
            AuditEntry.objects.create(
                campaign=cast.campaign, at=NOW, by=cast.carla, by_person=False, what="x", about="y"
            )

    def test_long_words_are_cut_and_lines_joined(self, cast):
        row = note(cast, "a\nb" * 200)

        assert len(row.about) == 300
        assert row.about.startswith("a ba b")


class TestItStandsStill:
    def test_no_line_is_changed(self, cast):
        row = note(cast)

        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            AuditEntry.objects.filter(pk=row.pk).update(about="something else")
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            AuditEntry.objects.filter(pk=row.pk).update(by=cast.oskar)

    def test_no_line_is_taken_out(self, cast):
        row = note(cast)

        with pytest.raises(IntegrityError, match="only with its campaign"), transaction.atomic():
            row.delete()
            check_now()

    def test_it_goes_with_its_campaign(self, cast):
        elsewhere = Campaign.objects.get(slug="elsewhere")
        audit.note(campaign=elsewhere, by=None, what=Audited.EXPORTED, about="x", now=NOW)

        elsewhere.delete()
        check_now()

        assert not AuditEntry.objects.filter(what=Audited.EXPORTED).exists()

    def test_who_deletes_her_account_leaves_what_she_did(self, cast):
        note(cast)

        cast.carla.delete()

        [newest, *_], _older = audit_log.acts(cast.campaign)
        assert newest.who == "somebody who has left"


def check_now():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class TestItsPage:
    @pytest.mark.parametrize("who", ["carla", "oskar", "vera"])
    def test_every_member_reads_it(self, cast, who):
        note(cast, "<b>Ada</b>", reason="because", count=12)

        page = browser_of(getattr(cast, who)).get(LOG)

        assert page.status_code == 200
        text = page.content.decode()
        assert "&lt;b&gt;Ada&lt;/b&gt;" in text
        assert "12 signatures" in text
        assert "because" in text

    def test_an_outsider_finds_nothing(self, cast):
        assert browser_of(cast.mallory).get(LOG).status_code == 404

    def test_it_takes_no_post(self, cast):
        assert browser_of(cast.carla).post(LOG).status_code == 405

    def test_it_is_searched_by_part_and_by_member(self, cast):
        note(cast, "by Carla")
        record.check(entry=say(cast), by=cast.oskar, now=NOW)
        client = browser_of(cast.vera)

        by_part = client.get(LOG, {"part": "letter"}).content.decode()
        by_member = client.get(LOG, {"by": str(cast.oskar.pk)}).content.decode()
        nothing = client.get(LOG, {"part": "team", "by": str(cast.oskar.pk)}).content.decode()

        assert "Letter opened" in by_part
        assert "by Carla" not in by_part
        assert "Entry checked" in by_member
        assert "by Carla" not in by_member
        assert "Nothing like that" in nothing

    @pytest.mark.parametrize("query", ["part=nonsense", "by=0", "by=%F0%9D%9F%99", "page=0", "page=99", "page=-1"])
    def test_nonsense_in_its_address_is_no_error(self, cast, query):
        assert browser_of(cast.vera).get(f"{LOG}?{query}").status_code == 200

    def test_a_long_log_has_pages_that_keep_the_filter(self, cast):
        for number in range(audit_log.PAGE + 1):
            note(cast, f"number {number}")

        first = browser_of(cast.vera).get(LOG, {"part": "record"}).content.decode()
        second = browser_of(cast.vera).get(LOG, {"part": "record", "page": "2"}).content.decode()

        assert "?part=record&amp;page=2" in first
        assert "number 0" not in first
        assert "number 0" in second
