"""Pages: who may see them, what they cost, what they refuse."""

import pytest
from django.test import Client

from campaign import organising, record
from campaign.models import Campaign, Demand, Role
from letters import publishing
from tests.campaign.test_record import say
from tests.cast import NOW, Cast, browser_of, organiser, sign

pytestmark = pytest.mark.django_db


def test_the_letter_page_costs_at_most_seven_queries_whatever_the_number_of_signatures(
    cast, mailbox, stranger, django_assert_max_num_queries
):
    with django_assert_max_num_queries(7):
        empty = stranger.get("/letters/robots/")
    for number in range(5):
        sign(mailbox, address=f"ben{number}@acme.example", visibility="public", name=f"Ben {'ABCDE'[number]}")
    record.check(entry=say(cast), by=cast.oskar, now=NOW)

    with django_assert_max_num_queries(7):
        full = stranger.get("/letters/robots/")

    assert (empty.status_code, full.status_code) == (200, 200)
    assert "Ben E" in full.content.decode()


def test_a_draft_is_seen_by_its_team_alone(db, stranger):
    cast = Cast.assemble(opened=False)

    assert stranger.get("/letters/robots/").status_code == 404
    assert stranger.get("/letters/robots/sign/").status_code == 404
    assert stranger.get("/campaigns/robots/").status_code == 404
    assert "Stop the robots" not in stranger.get("/").content.decode()
    assert browser_of(cast.vera).get("/organise/campaigns/robots/letters/robots/").status_code == 200
    assert browser_of(cast.mallory).get("/organise/campaigns/robots/letters/robots/").status_code == 404


def team_addresses(cast) -> list[str]:
    base = "/organise/campaigns/robots/"
    entry = say(cast)
    return [
        base + tail
        for tail in (
            "", "about/", "demands/", f"demands/{cast.act.pk}/", "employers/", f"employers/{cast.acme}/", "executives/",
            f"executives/{cast.ada.pk}/", "new-letter/", "letters/robots/", "letters/robots/open/",
            "letters/robots/close/", "letters/robots/comments/", "letters/robots/history/", "letters/robots/approval/",
            "letters/robots/translate/", "letters/robots/goal/", "record/", "record/new/", f"record/{entry.pk}/",
            "replies/", "replies/addresses/", "reminders/", "reminders/forecast/", "outreach/",
            f"outreach/{cast.ada.pk}/", "team/",
        )
    ]  # fmt: skip


def test_outsiders_find_nothing_of_a_team_by_reading_or_by_sending(cast):
    mallory, stranger = browser_of(cast.mallory), Client()

    for address in team_addresses(cast):
        assert mallory.get(address).status_code == 404, address
        assert mallory.post(address, {"text": "x"}).status_code in {404, 405}, address
        assert stranger.get(address).headers["Location"].startswith("/accounts/login/"), address


def test_members_see_every_page_of_their_role(cast):
    carla = browser_of(cast.carla)

    for address in team_addresses(cast):
        if not address.endswith("/open/"):  # an open letter has no such page any more
            assert carla.get(address).status_code == 200, address


@pytest.mark.parametrize(
    ("member", "address", "form"),
    [
        ("vera", "demands/", {"text": "Another demand"}),
        ("vera", "record/new/", {"quote": "x"}),
        ("oskar", "demands/", {"text": "Another demand"}),
        ("oskar", "letters/robots/close/", {}),
        ("oskar", "team/", {"email": "x@team.example", "role": "owner"}),
        ("oskar", "reminders/hold/", {"hold": "1"}),
    ],
)
def test_a_role_that_is_too_low_changes_nothing(cast, member, address, form):
    client = browser_of(getattr(cast, member))

    assert client.post(f"/organise/campaigns/robots/{address}", form).status_code == 404
    assert Demand.objects.filter(campaign=cast.campaign).count() == 2
    assert cast.letter.is_open


def test_an_entry_of_another_team_is_not_reached_through_ones_own_campaign(cast):
    entry = say(cast)

    response = browser_of(cast.mallory).post(f"/organise/campaigns/elsewhere/record/{entry.pk}/", {"check": "1"})

    assert response.status_code == 404
    entry.refresh_from_db()
    assert entry.state == "recorded"


def test_an_invitation_is_accepted_by_whoever_holds_the_address_and_nobody_else(cast, mailbox):
    browser_of(cast.carla).post("/organise/campaigns/robots/team/", {"email": "Mallory@team.example", "role": "viewer"})
    invitation = cast.campaign.team.invitations.get()
    address = f"/organise/invitations/{invitation.pk}/"
    browser_of(cast.vera).post(address, {"accept": "1"})
    assert cast.campaign.team.memberships.count() == 3

    browser_of(cast.mallory).post(address, {"accept": "1"})

    assert cast.campaign.team.memberships.get(user=cast.mallory).role == Role.VIEWER


def test_the_last_owner_stays(cast):
    member = cast.campaign.team.memberships.get(user=cast.carla)
    carla = browser_of(cast.carla)

    for form in ({"remove": "1"}, {"role": "viewer"}):
        page = carla.post(f"/organise/campaigns/robots/team/{member.pk}/", form, follow=True).content.decode()
        assert "needs an owner" in page

    member.refresh_from_db()
    assert member.role == Role.OWNER


def test_what_is_written_on_an_open_letter_is_for_its_next_version(cast):
    browser_of(cast.carla).post(
        "/organise/campaigns/robots/letters/robots/write/", {"title": "Changed", "body": "Changed", "revision": "1"}
    )

    assert cast.letter.title == "Stop the robots"


def test_a_letter_opens_only_with_demands_addressees_and_the_text_that_was_read(db):
    cast = Cast.assemble(opened=False)
    carla, address = browser_of(cast.carla), "/organise/campaigns/robots/letters/robots/open/"

    read = organising.text_to_open(campaign_letter=cast.campaign_letter).sha256()
    organising.change_demand(demand=cast.act, text="Something else", must_be_public=False, by=cast.carla, now=NOW)
    stale = carla.post(address, {"read": read})
    unread = carla.post(address)
    cast.campaign.executives.update(addressed=False)
    nobody = carla.post(address, {"read": read})

    assert "changed since you read it" in stale.content.decode()
    assert "changed since you read it" in unread.content.decode()
    assert "Nobody is addressed" in nobody.content.decode()
    assert cast.letter.is_draft


@pytest.mark.parametrize(
    ("domains", "says"),
    [
        ("gmail.com", "Anybody can have an address"),
        ("acme.example", "belongs to another employer"),
        ("not a domain", "is no mail domain"),
        ("yahoo.de", "Anybody can have an address"),
        ("mailinator.com", "Anybody can have an address"),
        ("co.uk", "Anybody can register a name below"),
    ],
)
def test_a_domain_that_proves_nothing_is_refused_at_its_field(cast, domains, says):
    response = browser_of(cast.carla).post(
        "/organise/campaigns/robots/employers/", {"name": "Gamma", "domains": domains}
    )

    assert response.status_code == 422
    assert says in response.content.decode()
    assert domains in response.content.decode()
    assert "Gamma" not in [employer.name for employer in _employers(cast)]


def _employers(cast):
    from letters import queries

    return queries.employers(cast.campaign.directory_id)


def test_a_taken_address_is_said_at_its_field(cast):
    response = browser_of(cast.carla).post("/organise/start/", {"title": "Other", "slug": "robots", "time_zone": "UTC"})

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"slug"}
    assert Campaign.objects.filter(slug="robots").count() == 1


def test_the_list_is_searched_filtered_and_paged(cast, mailbox, stranger, monkeypatch):
    for name, address in (
        ("Zoë Ängström", "z@acme.example"),
        ("Ben Other", "b@beta.example"),
        ("Cy", "c@home.example"),
    ):
        sign(mailbox, address=address, visibility="public", name=name)
    monkeypatch.setattr("letters.people.PAGE", 2)

    def names(query: str) -> str:
        return stranger.get(f"/letters/robots/signatures/{query}").content.decode()

    assert "Zoë" in names("?q=ängstr")
    assert "Ben" not in names("?q=ängstr")
    assert "Ben" in names("?employer=beta")
    assert "Cy" not in names("?level=work")
    assert "Nobody fits" in names("?q=nobody")
    first = names("")
    assert "Zoë" not in first
    assert "Next page" in first
    assert "First page" in names("?after=rubbish")


def test_versions_can_be_checked_by_anybody(cast, stranger):
    import hashlib

    sha = cast.letter.sha256
    canonical = stranger.get(f"/letters/robots/versions/{sha}/?canonical").content

    assert hashlib.sha256(canonical).hexdigest() == sha
    assert sha in stranger.get("/letters/robots/versions/").content.decode()
    assert stranger.get(f"/letters/robots/versions/{'0' * 64}/").status_code == 404


def test_invitations_are_no_way_to_pester_a_stranger(cast, mailbox):
    carla = browser_of(cast.carla)
    for _ in range(5):
        page = carla.post("/organise/campaigns/robots/team/", {"email": "victim@else.example", "role": "viewer"})

    assert page.status_code == 422
    assert "enough invitations for today" in page.content.decode()
    mails = mailbox("victim@")
    assert len(mails) == 3
    assert "Colleagues" not in mails[0].subject


def test_a_team_with_a_link_in_its_name_is_refused(db):
    response = browser_of(organiser("New")).post(
        "/organise/start/", {"team": "Win at https://x.example", "title": "T", "slug": "t", "time_zone": "UTC"}
    )

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"team"}


def test_a_long_title_and_a_slug_like_new_make_a_letter_that_can_be_reached(cast):
    carla = browser_of(cast.carla)
    for title in ("A " + "very " * 15 + "long title", "New"):
        response = carla.post("/organise/campaigns/robots/new-letter/", {"title": title, "body": "Text"}, follow=True)
        assert response.status_code == 200
        assert "The draft is saved" in response.content.decode()


@pytest.mark.parametrize("query", ["q=%00", "employer=%00", "level=%00", "before=%00", "before=" + "9" * 40])
def test_odd_queries_are_answered(cast, stranger, query):
    assert stranger.get(f"/letters/robots/signatures/?{query}").status_code == 200


@pytest.mark.parametrize("path", ["/", "/letters/robots/", "/letters/robots/sign/", "/campaigns/robots/"])
def test_head_is_answered_like_get(cast, stranger, path):
    assert stranger.head(path).status_code == 200


def test_another_teams_drafts_push_nothing_off_the_home_page(cast, stranger):
    elsewhere = Campaign.objects.get(slug="elsewhere")
    for number in range(110):
        publishing.draft(
            directory_id=elsewhere.directory_id, slug=f"d{number}", title=f"Draft {number}", body="x", now=NOW
        )

    assert "Stop the robots" in stranger.get("/").content.decode()


@pytest.mark.parametrize("seen", ["", "rubbish", "-1", "99999999999999999999"])
def test_a_draft_is_not_saved_over_one_that_was_not_seen(db, seen):
    cast = Cast.assemble(opened=False)

    response = browser_of(cast.carla).post(
        "/organise/campaigns/robots/letters/robots/write/", {"title": "T", "body": "Mine", "revision": seen}
    )

    assert response.status_code == 409
    assert "Mine" in response.content.decode()


def test_a_year_out_of_reach_is_refused_at_its_field(cast):
    response = browser_of(cast.carla).post(
        "/organise/campaigns/robots/letters/robots/reply-by/", {"reply_by": "9999-12-31T23:59"}
    )

    assert response.status_code == 422
    assert "ten years" in response.content.decode()


def test_saving_title_and_summary_keeps_that_the_people_are_unnamed(cast, stranger):
    organising.change_campaign(
        campaign=cast.campaign,
        title="T",
        summary="S",
        organisers="A group",
        organisers_named=False,
        time_zone="UTC",
        press_contact="",
        by=cast.carla,
        now=NOW,
    )
    carla, address = browser_of(cast.carla), "/organise/campaigns/robots/about/"
    form = carla.get(address).context["form"]

    carla.post(address, {name: value for name, value in form.initial.items() if value})

    assert "the people behind it are not named" in stranger.get("/campaigns/robots/").content.decode()
