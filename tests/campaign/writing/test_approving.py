"""A letter opens with exactly the words that enough of the team approved, and at no other moment than it should."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from campaign import organising
from campaign.models import Approval, AuditEntry, Campaign, CampaignLetter, Membership
from campaign.writing import NotPossible, approving, commenting, saving, scheduling, translating
from campaign.writing.saving import Words
from tests.campaign.writing.conftest import DESK
from tests.cast import NOW, browser_of

LATER = NOW + timedelta(days=2)


def text(team):
    return organising.text_to_open(campaign_letter=team.letter)


def approve(team, who, *, read=None):
    now_there = text(team)
    approving.approve(
        campaign_letter=team.letter, text=now_there, read_sha256=read or now_there.sha256(), by=who, now=NOW
    )


def open_it(team):
    organising.open_letter(campaign_letter=team.letter, by=team.carla, now=NOW)


def approvals(team):
    return approving.approvals(campaign_letter=team.letter, text=text(team))


class TestTheRule:
    def test_with_several_writers_somebody_else_approves_before_a_letter_opens(self, team):
        team.save(team.edda, "Edda’s text.")
        with pytest.raises(organising.NotPossible, match="0 of 1 approvals"):
            open_it(team)
        with pytest.raises(NotPossible, match="You made the last change"):
            approve(team, team.edda)

        approve(team, team.nils)
        open_it(team)

        assert team.cast.letter.is_open

    def test_any_edit_after_an_approval_asks_again(self, team):
        team.save(team.edda, "Edda’s text.")
        approve(team, team.nils)
        team.save(team.edda, "Edda’s text, changed.")

        with pytest.raises(organising.NotPossible, match="changed after Nils approved it"):
            open_it(team)

        team.save(team.edda, "Edda’s text.")
        open_it(team)

    @pytest.mark.parametrize("change", ["demand", "executive", "translation"])
    def test_demands_addressees_and_languages_are_part_of_what_is_approved(self, team, change):
        team.save(team.edda, "Edda’s text.")
        approve(team, team.nils)
        if change == "demand":
            organising.add_demand(
                campaign=team.cast.campaign, text="One more", must_be_public=False, by=team.carla, now=NOW
            )
        elif change == "executive":
            organising.add_executive(
                campaign=team.cast.campaign, name="Cy", title="Chair", employer_id=team.cast.acme, addressed=True,
                by=team.carla, now=NOW,
            )  # fmt: skip
        else:
            translating.add(campaign_letter=team.letter, language="de", by=team.edda, now=NOW)

        assert not approvals(team).done

    def test_an_approval_of_a_text_that_has_moved_on_is_none(self, team):
        read = text(team).sha256()
        team.save(team.edda, "Edda’s text.")

        with pytest.raises(NotPossible, match="moved on while you read"):
            approve(team, team.nils, read=read)

        assert not Approval.objects.exists()

    def test_each_language_needs_somebody_who_did_not_write_it_last(self, team):
        team.save(team.carla, "Carla’s text.")
        translating.add(campaign_letter=team.letter, language="de", by=team.edda, now=NOW)
        approve(team, team.carla)
        assert [one.language for one in approvals(team).wanting] == ["en"]

        approve(team, team.edda)

        assert approvals(team).done

    def test_nobody_approves_her_own_text_after_taking_in_a_comma_of_somebody_else(self, team):
        team.save(team.carla, "Carla’s text.")
        comma = commenting.comment(
            campaign_letter=team.letter, language="en", quote="text.", body="", replacement="text,", by=team.cast.oskar,
            now=NOW,
        )  # fmt: skip
        commenting.accept(comment=comma, by=team.carla, now=NOW)

        with pytest.raises(NotPossible, match="You made the last change"):
            approve(team, team.carla)

    def test_a_team_sets_its_own_number_and_is_told_when_it_cannot_be_met(self, team):
        team.save(team.edda, "Edda’s text.")
        approving.set_rule(campaign=team.cast.campaign, needed=2, by=team.carla, now=NOW)
        approve(team, team.nils)
        with pytest.raises(organising.NotPossible, match="1 of 2"):
            open_it(team)
        approve(team, team.carla)
        assert approvals(team).done

        approving.set_rule(campaign=team.cast.campaign, needed=3, by=team.carla, now=NOW)
        assert approvals(team).cannot_be_met

    def test_whoever_left_the_team_no_longer_counts(self, team):
        team.save(team.edda, "Edda’s text.")
        approve(team, team.nils)

        Membership.objects.filter(user=team.nils).update(role="viewer")

        assert not approvals(team).done

    def test_an_approval_can_be_taken_back_and_both_are_on_the_log(self, team):
        team.save(team.edda, "Edda’s text.")
        approve(team, team.nils)

        approving.take_back(
            campaign_letter=team.letter, text=text(team), read_sha256=text(team).sha256(), by=team.nils, now=NOW
        )

        assert not approvals(team).done
        acts = list(AuditEntry.objects.filter(by=team.nils).order_by("pk").values_list("what", flat=True))
        assert acts == ["letter.approved", "letter.approval-taken-back"]

    def test_a_member_who_writes_alone_opens_alone(self, team):
        Membership.objects.filter(user__in=[team.edda, team.nils]).delete()

        open_it(team)

        assert team.cast.letter.is_open

    def test_one_member_approves_a_text_once(self, team):
        approve(team, team.nils)
        approve(team, team.nils)
        with pytest.raises(IntegrityError), transaction.atomic():
            Approval.objects.create(
                campaign_letter=team.letter, member=team.nils, sha256=text(team).sha256(), approved_at=NOW
            )


class TestOpeningByItself:
    def plan(self, team, at=LATER):
        scheduling.open_at(
            campaign_letter=team.letter, opens_at=at, read_sha256=text(team).sha256(), by=team.carla, now=NOW
        )

    def test_it_opens_with_the_text_that_was_read(self, team):
        approve(team, team.nils)
        self.plan(team)

        assert scheduling.open_due(now=LATER - timedelta(minutes=1)) == 0
        assert scheduling.open_due(now=LATER) == 1
        assert scheduling.open_due(now=LATER) == 0
        assert team.cast.letter.is_open and team.cast.letter.opened_at == LATER
        assert team.letter.opens_at is None

    def test_a_text_that_changed_stays_a_draft_and_the_team_sees_why(self, team):
        approve(team, team.nils)
        self.plan(team)
        team.save(team.edda, "Quickly changed.")
        approve(team, team.nils)

        assert scheduling.open_due(now=LATER) == 0

        assert team.cast.letter.is_draft
        page = browser_of(team.carla).get(DESK).content.decode()
        assert "It did not open by itself: The text changed since you read it." in page

    def test_it_is_not_planned_without_approval(self, team):
        with pytest.raises(NotPossible, match="approvals"):
            self.plan(team)

    @pytest.mark.parametrize("order", ["opens first", "closes first"])
    def test_it_never_closes_before_it_opens(self, team, order):
        approve(team, team.nils)
        if order == "closes first":
            organising.close_at(campaign_letter=team.letter, closes_at=LATER, by=team.carla, now=NOW)
            with pytest.raises(NotPossible, match="close before it opens"):
                self.plan(team, at=LATER)
            return
        self.plan(team)
        with pytest.raises(organising.NotPossible, match="opens by itself only after that"):
            organising.close_at(campaign_letter=team.letter, closes_at=LATER, by=team.carla, now=NOW)
        with pytest.raises(IntegrityError), transaction.atomic():
            CampaignLetter.objects.filter(pk=team.letter.pk).update(closes_at=LATER)

    def test_a_planned_opening_names_its_text(self, team):
        with pytest.raises(IntegrityError), transaction.atomic():
            CampaignLetter.objects.filter(pk=team.letter.pk).update(opens_at=LATER)


class TestThePages:
    def test_nils_approves_what_he_read_and_carla_opens_it(self, team):
        team.save(team.edda, "Edda’s text.")
        nils = browser_of(team.nils)
        page = nils.get(f"{DESK}approval/").content.decode()
        assert "Edda’s text." in page and "Stop every robot" in page and "Ada Boss" in page
        assert browser_of(team.carla).post(f"{DESK}open/", {"read": text(team).sha256()}).status_code == 422

        nils.post(f"{DESK}approval/", {"read": text(team).sha256()})

        assert "Nils" in browser_of(team.cast.vera).get(f"{DESK}approval/").content.decode()
        assert browser_of(team.carla).post(f"{DESK}open/", {"read": text(team).sha256()}).status_code == 302

    def test_an_approval_that_came_too_late_shows_the_new_text(self, team):
        read = text(team).sha256()
        team.save(team.edda, "Changed under his eyes.")

        answer = browser_of(team.nils).post(f"{DESK}approval/", {"read": read})

        assert answer.status_code == 409
        assert "moved on while you read it" in answer.content.decode()
        assert "Changed under his eyes." in answer.content.decode()

    def test_a_moment_that_has_passed_is_told_at_its_field(self, team):
        approve(team, team.nils)

        answer = browser_of(team.carla).post(
            f"{DESK}opens-at/", {"opens_at": "2020-01-01T10:00", "read": text(team).sha256()}
        )

        assert answer.status_code == 422
        assert "This moment has passed" in answer.content.decode() and "2020-01-01T10:00" in answer.content.decode()

    @pytest.mark.parametrize(
        ("who", "path", "form", "status"),
        [
            ("oskar", "approval/", {}, 404),
            ("vera", "approval/", {}, 404),
            ("mallory", "approval/", {}, 404),
            ("edda", "approval/rule/", {"needed": "0"}, 404),
            ("edda", "opens-at/", {}, 404),
            ("oskar", "goal/", {"goal": "5"}, 404),
            ("edda", "goal/", {"goal": "5"}, 302),
            ("carla", "approval/rule/", {"needed": "2"}, 302),
            ("carla", "approval/rule/", {"needed": "many"}, 302),
        ],
    )
    def test_who_may_do_what(self, team, who, path, form, status):
        user = getattr(team, who, None) or getattr(team.cast, who)

        assert browser_of(user).post(f"{DESK}{path}", form).status_code == status

        needed = Campaign.objects.get(slug="robots").approvals_needed
        assert needed == (2 if form.get("needed") == "2" else None)


def test_readers_see_how_far_it_is_to_the_goal(team, stranger):
    approve(team, team.nils)
    open_it(team)
    scheduling.set_goal(campaign_letter=team.letter, goal=1000, by=team.edda, now=NOW)

    assert "The goal is 1,000" in stranger.get("/letters/robots/").content.decode()


def test_a_text_saved_by_nobody_known_can_be_approved_by_anybody_who_writes(team):
    """An imported draft has no author here."""
    saving.save(campaign_letter=team.letter, language="en", words=Words(title="T", body="B"), began_from=1,
                by=team.edda, now=NOW)  # fmt: skip
    team.edda.delete()

    approve(team, team.nils)

    assert approvals(team).done
