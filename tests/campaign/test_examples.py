"""The examples of a new installation: loaded once, plainly invented, and as careful with people as real letters."""

import stat
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import Count, Sum

from accounts.models import User
from campaign.examples import loading
from campaign.files import export_campaign
from campaign.models import Campaign, CampaignLetter, Membership
from letters import publishing, queries, seeding
from letters.models import THRESHOLD, Cell, Day, Employer, Letter, Organisation, PublicSignature, Tag, Waiting
from tests.cast import once

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path):
    settings.KEYRING_DIR = tmp_path / "keys"
    settings.VAR_DIR = tmp_path / "var"
    settings.DEVELOPMENT = True


@pytest.fixture
def loaded(db):
    """The examples as the first start leaves them: rows, keys of letters, passwords in a file."""

    def load() -> dict[Path, bytes]:
        assert loading.load(now=NOW)
        written = [*Path(settings.KEYRING_DIR).iterdir(), loading.sign_in_file()]
        return {path.relative_to(settings.VAR_DIR.parent): path.read_bytes() for path in written}

    for name, content in once("examples", load).items():
        path = settings.VAR_DIR.parent / name
        path.parent.mkdir(exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(content)
    return Letter.objects.get(slug=loading.FICTIONAL)


class TestGeneratedSignatures:
    def test_there_are_2000_of_both_kinds_and_none_waits(self, loaded):
        numbers = queries.numbers(loaded.pk)

        assert (numbers.public, numbers.confidential, numbers.total) == (1340, 660, 2000)
        assert not Waiting.objects.exists()
        assert len([count for count in numbers.employers if count.confidential]) >= 6

    def test_the_counts_are_what_the_rows_add_up_to_and_none_is_small(self, loaded):
        rows = PublicSignature.objects.values_list("version", "employer", "role_group").annotate(n=Count("pk"))
        cells = Cell.objects.filter(public__gt=0).values_list("version", "employer", "role_group", "public")
        assert sorted(rows, key=repr) == sorted(cells, key=repr)

        by_day = PublicSignature.objects.values_list("signed_on").annotate(n=Count("pk"))
        assert sorted(by_day) == sorted(Day.objects.filter(public__gt=0).values_list("day", "public"))

        assert (
            Cell.objects.aggregate(n=Sum("confidential"))["n"]
            == Day.objects.aggregate(n=Sum("confidential"))["n"]
            == 660
        )

        small = range(1, THRESHOLD)
        assert not Cell.objects.filter(confidential__in=small).exists()
        assert not Day.objects.filter(confidential__in=small).exists()

    def test_it_grew_over_the_four_weeks_since_it_opened_and_the_newest_is_the_last(self, loaded):
        days = [growth.day for growth in queries.growth(loaded.pk)]
        signed_on = list(PublicSignature.objects.order_by("pk").values_list("signed_on", flat=True))

        assert loaded.opened_at == NOW - timedelta(days=28)
        assert days[0] == loaded.opened_at.date()
        assert days[-1] == NOW.date() - timedelta(days=1)
        assert signed_on == sorted(signed_on)

    def test_names_are_invented_in_many_scripts_and_belong_to_nobodys_address(self, loaded):
        names = list(PublicSignature.objects.values_list("name", flat=True))

        assert len(set(names)) == 1340
        everything = "".join(names)
        assert all(letter in everything for letter in "éßłğ王김山لא" + "अЯΓதঅთԱสሰ")
        assert not Tag.objects.exists()
        assert set(PublicSignature.objects.values_list("level", flat=True)) == {"work", "email"}
        assert not PublicSignature.objects.filter(level="work", employer=None).exists()

    def test_they_are_the_same_people_everywhere(self, loaded):
        people = list(PublicSignature.objects.order_by("pk").values_list("name", "role", "employer_name"))
        CampaignLetter.objects.all().delete()
        Campaign.objects.all().delete()
        PublicSignature.objects.all().delete()
        Cell.objects.all().delete()
        Organisation.objects.all().delete()
        Letter.objects.update(state="draft", current=None, opened_at=None)
        Letter.objects.all().delete()

        loading.load(now=NOW + timedelta(days=3))

        assert list(PublicSignature.objects.order_by("pk").values_list("name", "role", "employer_name")) == people

    def test_they_are_refused_for_a_letter_that_is_real_closed_or_signed(self, loaded):
        with pytest.raises(seeding.NotPossible, match="signatures already"):
            seeding.seed(letter_id=loaded.pk, people=[], unnamed=[])
        directory = publishing.new_directory()
        real = publishing.draft(directory_id=directory, slug="real", title="Real", body="Text", now=NOW)
        with pytest.raises(seeding.NotPossible, match="examples alone"):
            seeding.seed(letter_id=real, people=[], unnamed=[])
        draft = publishing.draft(directory_id=directory, slug="d", title="D", body="T", now=NOW, is_example=True)
        with pytest.raises(seeding.NotPossible, match="Only an open letter"):
            seeding.seed(letter_id=draft, people=[], unnamed=[])

    def test_no_signature_leaves_with_the_campaigns_file(self, loaded):
        exported = export_campaign(loading.FICTIONAL)

        assert not [name for name in PublicSignature.objects.values_list("name", flat=True) if name in exported]


class TestTheRealExample:
    def test_it_has_no_signature(self, loaded):
        letter = queries.letter(loading.REAL)

        assert letter.is_open
        assert queries.numbers(letter.id).total == 0
        assert not PublicSignature.objects.filter(letter_id=letter.id).exists()

    def test_the_other_one_uses_domains_that_nobody_can_own(self, loaded):
        fictional = Campaign.objects.get(slug=loading.FICTIONAL)

        domains = [domain for one in queries.employers(fictional.directory_id) for domain in one.domains]
        assert len(domains) >= 8
        assert all(domain.endswith(".example") for domain in domains)
        assert Employer.objects.filter(directory_id=fictional.directory_id).count() == 8
        assert "fictional" in fictional.summary


class TestTheDemoTeam:
    def test_carla_owns_both_campaigns_and_oskar_checks(self, loaded):
        teams = set(Campaign.objects.values_list("team", flat=True))

        assert len(teams) == 1
        members = Membership.objects.filter(team_id=teams.pop()).values_list(
            "user__email", "role", "user__display_name"
        )
        assert sorted(members) == [
            ("carla@undersigned.example", "owner", "Carla"),
            ("oskar@undersigned.example", "tracker", "Oskar"),
        ]
        assert EmailAddress.objects.filter(verified=True, primary=True).count() == 2

    def test_their_passwords_stand_in_a_file_for_its_owner_alone(self, loaded):
        path = loading.sign_in_file()

        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        lines = path.read_text(encoding="utf-8").splitlines()
        assert [line.partition(" / ")[0] for line in lines] == [
            "Organiser: carla@undersigned.example",
            "Second member, who checks: oskar@undersigned.example",
        ]
        for line in lines:
            email = line.partition(" / ")[0].rpartition(" ")[2]
            assert User.objects.get(email=email).check_password(line.partition(" / ")[2])

    def test_a_second_start_is_quick_and_changes_no_password(self, loaded):
        before = loading.sign_in_file().read_text(encoding="utf-8")
        hashes = list(User.objects.order_by("pk").values_list("password", flat=True))

        begin = time.monotonic()
        again = loading.load(now=NOW + timedelta(days=1))

        assert not again
        assert time.monotonic() - begin < 1
        assert loading.sign_in_file().read_text(encoding="utf-8") == before
        assert list(User.objects.order_by("pk").values_list("password", flat=True)) == hashes

    def test_a_lost_file_is_written_again_with_new_passwords(self, loaded):
        path = loading.sign_in_file()
        before = path.read_text(encoding="utf-8")
        path.unlink()

        assert loading.load(now=NOW)

        assert path.read_text(encoding="utf-8") != before
        password = path.read_text(encoding="utf-8").splitlines()[0].partition(" / ")[2]
        assert User.objects.get(email="carla@undersigned.example").check_password(password)
        assert User.objects.count() == 2

    def test_production_never_gets_them(self, db, settings):
        settings.DEVELOPMENT = False

        with pytest.raises(CommandError, match="for development alone"):
            call_command("load_examples")

        assert not User.objects.exists()
        assert not Campaign.objects.exists()
        assert not loading.sign_in_file().exists()
