"""An open letter is corrected or changed: who may, who sees what, and who is counted where."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from campaign import amending, organising
from campaign.models import AuditEntry, Membership, News, NewsKind, Role, TextChange
from campaign.organising import NotPossible
from letters import publishing
from letters.models import PublicSignature
from tests.campaign.reminders.story import let_go
from tests.cast import NOW, browser_of, organiser, sign

pytestmark = pytest.mark.django_db
PAGE = "/organise/campaigns/robots/letters/robots/change/"
LATER, IN_FORCE = NOW + timedelta(hours=1), NOW + timedelta(hours=73)
BEN = {"visibility": "public", "name": "Ben Kovač", "role": "Engineer"}


@pytest.fixture(autouse=True)
def codes_enough(settings):
    settings.CODES_PER_ADDRESS_PER_DAY = 30


@pytest.fixture
def paul(cast):
    """One more who may approve."""
    paul = organiser("Paul")
    Membership.objects.create(team=cast.campaign.team, user=paul, role=Role.EDITOR)
    return paul


def write(cast, body: str) -> None:
    draft, *_ = publishing.drafts(letter_id=cast.letter.id, demands=[])
    publishing.redraft(letter_id=cast.letter.id, title=draft.title, body=body, seen_revision=draft.revision, now=NOW)


def correct(cast, body: str = "") -> TextChange:
    write(cast, body or cast.letter.body.replace(".", "!", 1))
    read = amending.as_correction(cast.campaign_letter).text.sha256()
    return amending.correct(
        campaign_letter=cast.campaign_letter, note="A mark was wrong.", read_sha256=read, by=cast.carla, now=NOW
    )


def declare(cast, *, demand: str = "Pay for it") -> TextChange:
    organising.add_demand(campaign=cast.campaign, text=demand, must_be_public=False, by=cast.carla, now=NOW)
    return amending.declare(
        campaign_letter=cast.campaign_letter, note="It asks for money, too.", read_sha256=reading(cast), by=cast.carla,
        now=NOW,
    )  # fmt: skip


def reading(cast) -> str:
    return amending.as_change(cast.campaign_letter).text.sha256()


def approve(cast, change: TextChange, by, read: str = "") -> bool:
    return amending.approve(
        change_id=change.pk, campaign_letter=cast.campaign_letter, read_sha256=read or reading(cast), by=by, now=LATER
    )


def test_a_correction_is_seen_at_once_and_stands_after_the_time_for_objections(cast, mailbox, stranger):
    sign(mailbox, address="ben@acme.example", **BEN)
    first = cast.letter

    correct(cast)
    amending.take_effect(now=NOW + timedelta(hours=71))
    announced = stranger.get("/letters/robots/").content.decode()
    still = cast.letter.version_id
    amending.take_effect(now=IN_FORCE)
    amending.take_effect(now=IN_FORCE)
    stands = stranger.get("/letters/robots/").content.decode()

    assert "A correction of this text is announced: version 2" in announced
    assert "A mark was wrong." in announced
    assert still == first.version_id
    assert cast.letter.version_number == 2
    assert "It is a correction" in stands
    assert "A correction of this text is announced" not in stands
    assert (cast.numbers.public, PublicSignature.objects.get().version_id) == (1, first.version_id)
    assert not News.objects.filter(kind=NewsKind.TEXT).exists()


def test_what_is_much_more_than_a_correction_is_refused_in_words(cast):
    with pytest.raises(NotPossible, match="more than a correction"):
        correct(cast, "Entirely other words, which nobody has signed. " * 9)

    assert not TextChange.objects.exists()


def test_a_changed_demand_of_the_campaign_never_comes_in_with_a_correction(cast):
    organising.change_demand(demand=cast.act, text="Stop some robots", must_be_public=False, by=cast.carla, now=NOW)

    correct(cast)
    amending.take_effect(now=IN_FORCE)

    assert cast.letter.demands == ("Stop every robot", "Speak out publicly")


def test_a_dropped_correction_never_comes_into_force_and_stays_readable(cast, stranger):
    change = correct(cast)

    amending.drop(change_id=change.pk, campaign_letter=cast.campaign_letter, by=cast.carla, now=LATER)
    amending.take_effect(now=IN_FORCE)

    assert cast.letter.version_number == 1
    assert "it was never in force" in stranger.get("/letters/robots/versions/").content.decode()
    assert "dropped" in stranger.get(f"/letters/robots/versions/{change.sha256}/").content.decode()


def test_closing_the_letter_ends_what_was_under_way(cast):
    correct(cast)
    organising.close_letter(campaign_letter=cast.campaign_letter, by=cast.carla, now=LATER)

    amending.take_effect(now=IN_FORCE)

    assert (TextChange.objects.get().state, cast.letter.version_number) == ("dropped", 1)


def test_a_change_takes_two_others_and_leaves_everybody_where_she_signed(cast, paul, mailbox, stranger):
    sign(mailbox, address="ben@acme.example", **BEN)
    change = declare(cast)

    with pytest.raises(NotPossible, match="somebody else"):
        approve(cast, change, cast.carla)
    assert approve(cast, change, cast.oskar) is False
    with pytest.raises(NotPossible, match="somebody else"):
        approve(cast, change, cast.oskar)
    assert cast.letter.version_number == 1
    assert approve(cast, change, paul) is True

    assert cast.letter.demands[-1] == "Pay for it"
    assert cast.numbers.total == 0
    page = stranger.get("/letters/robots/").content.decode()
    assert "1 more signed an earlier text of this letter" in page
    versions = stranger.get("/letters/robots/versions/").content.decode()
    assert "1 person stands for this text" in versions
    assert "0 people stand for this text" in versions
    assert "before version 2" in stranger.get("/letters/robots/sign/").content.decode()
    assert list(AuditEntry.objects.filter(what__startswith="letter.change").values_list("what", flat=True)) == [
        "letter.change-declared", "letter.change-approved", "letter.change-approved",
    ]  # fmt: skip


def test_in_a_team_of_two_the_other_one_approves_and_nobody_changes_a_letter_alone(cast):
    change = declare(cast)
    page = browser_of(cast.carla).get(PAGE).content.decode()

    assert "The other member of your team has to approve it" in page
    with pytest.raises(NotPossible, match="somebody else"):
        approve(cast, change, cast.carla)
    assert approve(cast, change, cast.oskar) is True
    change.refresh_from_db()
    assert (change.state, change.approved_by, change.seconded_by) == ("in_force", cast.oskar, None)

    cast.campaign.team.memberships.exclude(user=cast.carla).exclude(user=cast.vera).delete()
    with pytest.raises(NotPossible, match="Nobody else in your team could approve"):
        declare(cast, demand="Alone")
    assert "Invite somebody first" in browser_of(cast.carla).get(PAGE).content.decode()


def test_who_leaves_does_not_make_a_change_easier_and_the_page_says_what_to_do(cast, paul):
    change = declare(cast)
    cast.campaign.team.memberships.filter(user=paul).delete()

    assert approve(cast, change, cast.oskar) is False
    assert "Your team has become too small for that" in browser_of(cast.carla).get(PAGE).content.decode()
    assert cast.letter.version_number == 1


def test_who_signs_again_stands_for_the_new_text(cast, paul, mailbox):
    sign(mailbox, address="ben@acme.example", **BEN)
    change = declare(cast)
    approve(cast, change, cast.oskar)
    approve(cast, change, paul)

    sign(mailbox, address="ben@acme.example", **BEN)

    assert (cast.numbers.public, PublicSignature.objects.get().version_id) == (1, cast.letter.version_id)


def test_followers_are_told_of_a_change_once(cast, paul):
    change = declare(cast)
    approve(cast, change, cast.oskar)
    approve(cast, change, paul)

    let_go(LATER + timedelta(hours=1))
    let_go(LATER + timedelta(hours=2))

    news = News.objects.get(kind=NewsKind.TEXT)
    assert (news.number, news.what) == (1, "It asks for money, too.")


def test_an_approval_of_a_text_that_has_moved_on_is_refused(cast, paul):
    change = declare(cast)
    read = reading(cast)
    approve(cast, change, cast.oskar)
    write(cast, "Other words, after Oskar read it.")

    for seen in (read, reading(cast)):
        with pytest.raises(NotPossible, match="moved on"):
            approve(cast, change, paul, seen)

    assert cast.letter.version_number == 1


def test_one_new_text_is_under_way_at_a_time_and_each_says_what_is_new(cast):
    correct(cast)
    with pytest.raises(NotPossible, match="under way"):
        declare(cast)
    TextChange.objects.update(state="dropped", over_at=NOW)

    with pytest.raises(NotPossible, match="what is new"):
        amending.declare(
            campaign_letter=cast.campaign_letter, note=" ", read_sha256=reading(cast), by=cast.carla, now=NOW
        )


def test_the_page_announces_declares_and_decides(cast, paul, client):
    write(cast, cast.letter.body.replace(".", "!", 1))
    carla = browser_of(cast.carla)
    read = carla.get(PAGE).context["correction"]["sha256"]

    empty = carla.post(PAGE, {"note": "", "read": read, "correct": "1"})
    announced = carla.post(PAGE, {"note": "A mark", "read": read, "correct": "1"})
    change = TextChange.objects.get()
    dropped = carla.post(f"{PAGE}{change.pk}/", {"drop": "1"})
    declared = carla.post(PAGE, {"note": "A mark", "read": "0" * 64, "declare": "1"})

    assert [empty.status_code, announced.status_code, dropped.status_code] == [422, 302, 302]
    assert "This field is required" in empty.content.decode()
    assert declared.status_code == 422
    assert "changed since you read it" in declared.content.decode()
    assert TextChange.objects.get().state == "dropped"


@pytest.mark.parametrize(
    ("name", "page", "corrects", "declares", "approves", "drops"),
    [
        ("oskar", 200, 404, 404, 302, 404),
        ("vera", 200, 404, 404, 404, 404),
        ("mallory", 404, 404, 404, 404, 404),
    ],
)
def test_each_role_may_do_its_part_and_an_outsider_nothing(cast, name, page, corrects, declares, approves, drops):
    change = declare(cast)
    browser = browser_of(getattr(cast, name))
    answers = [
        browser.get(PAGE),
        browser.post(PAGE, {"note": "N", "read": "", "correct": "1"}),
        browser.post(PAGE, {"note": "N", "read": "", "declare": "1"}),
        browser.post(f"{PAGE}{change.pk}/", {"read": reading(cast)}),
        browser.post(f"{PAGE}{change.pk}/", {"drop": "1"}),
    ]

    assert [answer.status_code for answer in answers] == [page, corrects, declares, approves, drops]


def test_a_letter_that_is_a_draft_is_written_not_changed(db):
    from tests.cast import Cast

    cast = Cast.assemble(opened=False)

    assert browser_of(cast.carla).get(PAGE).status_code == 302


class TestTheDatabaseRefuses:
    def row(self, cast, **fields) -> None:
        given = {
            "campaign_letter": cast.campaign_letter, "kind": "change", "state": "proposed", "sha256": "0" * 64,
            "note": "N", "declared_by": cast.carla, "declared_at": NOW,
        } | fields  # fmt: skip
        TextChange.objects.create(**given)

    @pytest.mark.parametrize(
        ("fields", "name"),
        [
            ({"approved_at": NOW, "approved_by": "carla"}, "approved_by_others"),
            ({"approved_by": "oskar", "seconded_by": "oskar"}, "approved_by_others"),
            ({"state": "in_force", "version": True, "in_force_at": NOW, "over_at": NOW}, "in_force_was_approved"),
            ({"state": "announced", "in_force_at": NOW}, "has_a_version"),
            ({"state": "dropped"}, "over_has_its_moment"),
        ],
    )
    def test_what_must_never_be(self, cast, fields, name):
        fields = {key: getattr(cast, value) if isinstance(value, str) and key.endswith("_by") else value
                  for key, value in fields.items()}  # fmt: skip
        if fields.pop("version", None):
            fields["version_id"] = cast.letter.version_id

        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            self.row(cast, **fields)

    def test_two_under_way(self, cast):
        self.row(cast)

        with pytest.raises(IntegrityError, match="one_under_way"), transaction.atomic():
            self.row(cast)


class TestTheLettersPage:
    @pytest.fixture
    def arabic(self, cast):
        publishing.add_translation(
            letter_id=cast.letter.id, language="ar", title="أوقفوا الروبوتات", body="نص الرسالة",
            demands=["أوقفوا", "تكلموا"], follows="", now=NOW,
        )  # fmt: skip
        correct(cast)
        amending.take_effect(now=IN_FORCE)

    @pytest.mark.usefixtures("arabic")
    def test_speaks_the_language_that_was_chosen_else_the_readers_else_its_own(self, stranger):
        chosen = stranger.get("/letters/robots/?lang=ar", headers={"accept-language": "en"})
        hers = stranger.get("/letters/robots/", headers={"accept-language": "ar-EG,en;q=0.5"})
        own = stranger.get("/letters/robots/", headers={"accept-language": "fr"})

        for page in (chosen, hers):
            assert 'lang="ar" dir="rtl"' in page.content.decode()
            assert "<li>تكلموا</li>" in page.content.decode()
        assert "made from earlier words" in chosen.content.decode()
        assert "<li>Speak out publicly</li>" in own.content.decode()
        assert "Accept-Language" in own.headers["Vary"]

    @pytest.mark.usefixtures("arabic")
    def test_is_kept_for_each_language_apart(self, stranger, settings):
        settings.PAGES_KEPT_SECONDS = 30

        pages = [
            stranger.get("/letters/robots/", headers={"accept-language": code}).content.decode()
            for code in ("ar", "en", "ar")
        ]

        assert pages[0] == pages[2] != pages[1]

    def test_compares_any_two_versions_in_words(self, cast, stranger):
        first = cast.letter.sha256
        second = correct(cast).sha256

        page = stranger.get(f"/letters/robots/versions/{second}/?against={first}").content.decode()

        assert '<del><span class="visually-hidden">[removed: </span>.' in page
        assert '<ins><span class="visually-hidden">[added: </span>!' in page
        assert stranger.get(f"/letters/robots/versions/{first}/?against=nonsense").status_code == 200
