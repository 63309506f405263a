"""Who may sign, with which proof, and who is in the headline's number."""

import pytest
from django.test import Client

from campaign.models import AuditEntry
from letters import admitting, queries
from letters.admitting import Choice
from letters.models import Letter, Tag
from tests.cast import ask, browser_of, sign

pytestmark = pytest.mark.django_db
PAGE = "/organise/campaigns/robots/letters/robots/signers/"
PUBLIC = {"visibility": "public", "role": "Engineer"}
FOR_ACME = {"for_anyone": False, "takes_email": False}


def allow(cast, **choice) -> None:
    if not choice.get("for_anyone", True):
        choice.setdefault("employer_ids", [cast.acme])
    admitting.choose(letter_id=cast.letter.id, choice=Choice(**choice))


def form(stranger) -> str:
    return stranger.get("/letters/robots/sign/").content.decode()


class TestForPeopleOfSomeEmployers:
    @pytest.mark.parametrize("visibility", ["public", "confidential"])
    def test_only_an_address_there_is_taken_and_the_field_says_why(self, cast, mailbox, visibility):
        allow(cast, **FOR_ACME)
        answers = {
            address: ask(Client(), email=address, visibility=visibility, name="Ben Kovač")
            for address in ("ben@home.example", "ben@beta.example", "ben@acme.example", "ben@acme-alias.example")
        }

        assert [answer.status_code for answer in answers.values()] == [422, 422, 302, 302]
        page = answers["ben@home.example"].content.decode()
        assert "No employer has this address" in page
        assert 'aria-invalid="true"' in page
        assert "ben@home.example" in page, "what was typed stays"
        assert "for people of other employers" in answers["ben@beta.example"].content.decode()

    def test_the_refusal_is_the_same_whether_or_not_the_address_has_signed(self, cast, mailbox):
        sign(mailbox, address="ben@home.example", name="Ben Kovač", **PUBLIC)
        allow(cast, **FOR_ACME)

        pages = {
            ask(Client(), email=address, name="Ben Kovač", **PUBLIC).status_code
            for address in ("ben@home.example", "new@home.example")
        }

        assert pages == {422}

    def test_the_form_says_so_before_anybody_types(self, cast, stranger):
        before = form(stranger)
        allow(cast, **FOR_ACME)

        assert 'id="admission"' not in before
        assert "This letter is for people at Acme." in form(stranger)
        assert "Only who works there now may sign" in form(stranger)

    def test_it_says_that_former_people_may_by_review(self, cast, stranger):
        allow(cast, **FOR_ACME, former_too=True, takes_reviewed=True)

        assert "People who used to work there may sign too" in form(stranger)


class TestTheHeadline:
    @pytest.fixture
    def drafted(self, cast):
        """As if it had been settled before the letter opened."""
        Letter.objects.update(counts_email=False)
        return cast

    def test_who_is_merely_checked_by_mail_stands_on_the_list_and_not_in_the_number(self, drafted, mailbox, stranger):
        sign(mailbox, address="ben@acme.example", name="Ben Kovač", **PUBLIC)
        sign(mailbox, address="kim@home.example", name="Kim Home", **PUBLIC)

        numbers = drafted.numbers

        assert (numbers.total, numbers.public, numbers.only_listed) == (1, 1, 1)
        assert queries.totals([drafted.letter.id]) == {drafted.letter.id: 1}
        assert queries.growth(drafted.letter.id)[-1].total == 1
        assert [one.total for one in queries.editions(drafted.letter.id).values()] == [1]
        page = stranger.get("/letters/robots/").content.decode()
        assert "Kim Home" in page
        assert "1 more stands on the list and is not in this number" in page
        assert "1 more stands here" in stranger.get("/letters/robots/signatures/").content.decode()

    def test_a_confidential_signer_who_would_not_count_is_told_before_a_code_is_sent(self, drafted, mailbox):
        refused = ask(Client(), email="kim@home.example")

        assert refused.status_code == 422
        assert "counts only people whose employer is proved" in refused.content.decode()
        assert ask(Client(), email="kim@acme.example").status_code == 302
        assert len(mailbox()) == 1

    def test_a_letter_that_counts_all_costs_no_query_more(self, cast, mailbox, django_assert_num_queries):
        sign(mailbox, address="kim@home.example", name="Kim Home", **PUBLIC)
        letter_id = cast.letter.id

        with django_assert_num_queries(3):
            found = queries.numbers(letter_id).total, queries.totals([letter_id]), queries.growth(letter_id)[-1].total

        assert found == (1, {letter_id: 1}, 1)

    def test_it_is_settled_when_the_letter_opens(self, cast):
        with pytest.raises(admitting.NotPossible, match="was settled then"):
            allow(cast, counts_email=False)


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        ({"for_anyone": False, "takes_email": False, "employer_ids": []}, "employers"),
        ({"for_anyone": False}, "takes"),
        ({"former_too": True, "takes_reviewed": True}, "former_too"),
        ({"for_anyone": False, "takes_email": False, "former_too": True}, "former_too"),
    ],
)
def test_what_does_not_fit_together_is_refused_at_its_field(cast, choice, field):
    with pytest.raises(admitting.NotPossible) as caught:
        allow(cast, **choice)

    assert caught.value.field == field


def test_employers_of_another_campaign_are_none_of_this_letters(cast):
    from campaign.models import Campaign
    from letters import employers

    elsewhere = employers.add(
        directory_id=Campaign.objects.get(slug="elsewhere").directory_id, name="Rival", domains=["rival.example"]
    )

    with pytest.raises(admitting.NotPossible):
        allow(cast, **FOR_ACME, employer_ids=[elsewhere])


class TestTheOwnersPage:
    @pytest.mark.parametrize("who", ["oskar", "vera", "mallory"])
    def test_it_is_the_owners_alone(self, cast, who):
        client = browser_of(getattr(cast, who))

        assert (client.get(PAGE).status_code, client.post(PAGE, {"who": "anyone"}).status_code) == (404, 404)

    def test_what_is_saved_holds_and_is_on_the_log(self, cast):
        hers = browser_of(cast.carla)
        posted = {"who": "employers", "employers": [cast.acme], "takes": ["reviewed"], "counts": ["email", "reviewed"]}

        response = hers.post(PAGE, {**posted, "former_too": "on"}, follow=True)

        kept = admitting.admission(cast.letter.id)
        assert "Saved" in response.content.decode()
        assert (kept.employers, kept.former_too, kept.takes_email, kept.takes_reviewed) == (
            ("Acme",),
            True,
            False,
            True,
        )
        assert "Acme; work e-mail, reviewed" in AuditEntry.objects.get(what="signatures.admission").about
        assert hers.get(PAGE).content.decode().count("checked") >= 5

    def test_what_does_not_fit_is_said_and_stays_as_it_was_typed(self, cast):
        response = browser_of(cast.carla).post(
            PAGE, {"who": "employers", "employers": [cast.acme], "takes": ["email"], "counts": ["email", "reviewed"]}
        )

        assert response.status_code == 422
        assert "proves no employer" in response.content.decode()
        assert admitting.admission(cast.letter.id).for_anyone
        assert not Tag.objects.exists()
