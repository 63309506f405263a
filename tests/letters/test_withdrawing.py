"""A signer takes her signature back, or changes what is shown of it; nobody learns whether there was one."""

import re

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from accounts.models import OutgoingMail
from campaign import organising
from letters import people, pooling, queries
from letters.models import Cell, Day, Leaving, Letter, PublicSignature, Tag, Waiting
from tests.cast import NOW, ask, code_of, sign

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
PUBLIC = {"visibility": "public", "name": "Ben Kovač", "role": "Engineer"}
FORM, CODE, DONE = (f"/letters/robots/withdraw/{step}" for step in ("", "code/", "done/"))


@pytest.fixture(autouse=True)
def codes_enough(settings):
    settings.CODES_PER_ADDRESS_PER_DAY = 30


def begin(client: Client, address: str, **form: str):
    return client.post(FORM, {"email": address, **form})


def change(mailbox, address: str, **form: str):
    """Form, mail, code: the whole way. Answers the last response."""
    client = Client()
    begin(client, address, **form)
    return client.post(CODE, {"code": code_of(mailbox(address)[-1].text)})


def bare(response) -> str:
    """What somebody sees of a page, without what is different each time it is asked for."""
    page = re.sub(r'name="(csrfmiddlewaretoken|made)" value="[^"]+"', "", response.content.decode())
    return re.sub(r'data-puzzle="[^"]+"', "", page)


def counted(cast, many: int) -> None:
    """So many confidential signers at Acme, on the page."""
    letter = Letter.objects.get()
    for number in range(many):
        Tag.objects.create(letter=letter, digest=bytes([number]) * 32)
    Waiting.objects.create(letter=letter, version=letter.current, employer_id=cast.acme, count=many)
    pooling.publish(letter_id=letter.pk, today=TODAY)


def test_a_public_signature_leaves_list_and_numbers_at_once_and_its_row_keeps_no_word(cast, mailbox, stranger):
    sign(mailbox, address="ben@acme.example", **PUBLIC)

    response = change(mailbox, "ben@acme.example")

    assert response.headers["Location"] == DONE
    pages = [stranger.get(path).content.decode() for path in ("/letters/robots/", "/letters/robots/signatures/")]
    assert not any("Kovač" in page for page in pages)
    assert "1 person withdrew" in pages[0]
    assert "1 person withdrew" in pages[1]
    assert cast.numbers.total == 0
    assert cast.numbers.employers == ()
    assert sum(day.public - day.withdrawn for day in queries.growth(cast.letter.id)) == 0
    row = PublicSignature.objects.get()
    assert (row.state, row.name, row.role, row.role_group, row.employer_name) == ("withdrawn", "", "", "", "")
    assert (row.tag_id, row.employer_id, row.level) == (None, None, "email")
    assert not Tag.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_page_that_is_kept_loses_the_name_at_once(cast, mailbox, settings):
    settings.PAGES_KEPT_SECONDS = 30
    sign(mailbox, address="ben@acme.example", **PUBLIC)
    before = Client().get("/letters/robots/").content.decode()

    change(mailbox, "ben@acme.example")

    assert "Kovač" in before
    assert "Kovač" not in Client().get("/letters/robots/").content.decode()


@pytest.mark.parametrize("spelling", ["BEN@Acme.Example", "ben+x@acme.example", "ben@acme-alias.example"])
def test_any_spelling_of_the_address_takes_it_back_and_may_sign_again(cast, mailbox, spelling):
    sign(mailbox, address="ben@acme.example", **PUBLIC)

    change(mailbox, spelling)
    sign(mailbox, address="ben@acme.example", visibility="public", name="Ben Again")

    assert list(PublicSignature.objects.filter(state="shown").values_list("name", flat=True)) == ["Ben Again"]
    assert cast.numbers.total == 1


def test_a_confidential_signature_is_one_fewer_and_may_be_given_again(cast, mailbox):
    for _ in range(2):
        sign(mailbox, address="ana@acme.example", role="engineer")
        change(mailbox, "ana@acme-alias.example", visibility="withdraw")
        assert not Tag.objects.exists()
    assert Leaving.objects.get().count == 2

    pooling.publish(letter_id=cast.letter.id, today=TODAY)

    assert not Waiting.objects.exists()
    assert not Leaving.objects.exists()


def test_the_confidential_number_goes_down_by_ten_or_not_at_all(cast, mailbox, stranger):
    counted(cast, 20)
    letter = Letter.objects.get()
    Leaving.objects.create(letter=letter, employer_id=cast.acme, count=8)
    sign(mailbox, address="ana@acme.example")
    pooling.publish(letter_id=letter.pk, today=TODAY)  # Ana's takes the place of one who leaves
    assert (cast.numbers.confidential, Leaving.objects.get().count) == (20, 7)
    Leaving.objects.update(count=9)
    pooling.publish(letter_id=letter.pk, today=TODAY)
    with_nine = cast.numbers.confidential

    change(mailbox, "ana@acme.example")
    pooling.publish(letter_id=letter.pk, today=TODAY)

    assert (with_nine, cast.numbers.confidential) == (20, 10)
    [day] = queries.growth(letter.pk)
    assert (day.confidential, day.fallen, day.total) == (20, 10, 10)
    assert "went down by 10" in stranger.get("/letters/robots/signatures/").content.decode()


def test_whoever_never_signed_changes_nothing(cast, mailbox):
    for wish in ({}, {"visibility": "public", "name": "Ghost"}, {"visibility": "confidential"}):
        change(mailbox, "ghost@acme.example", **wish)

    assert not any(model.objects.exists() for model in (Tag, Waiting, Leaving, PublicSignature, Cell, Day))


def test_other_words_replace_what_stood_there_and_the_proof_stays(cast, mailbox):
    sign(mailbox, address="ben@acme.example", **PUBLIC)

    change(mailbox, "ben@acme.example", visibility="public", name="B. K.", role="Designer", employer="Elsewhere")

    [signer] = people.everybody(cast.letter.id)
    assert (signer.name, signer.role, signer.employer, signer.level) == ("B. K.", "Designer", "Acme", "work")
    assert {cell.role_group: cell.public for cell in Cell.objects.all()} == {"engineering": 0, "design": 1}
    assert cast.numbers.total == 1


def test_an_employer_that_is_not_proved_may_be_written_anew(cast, mailbox):
    sign(mailbox, address="ben@home.example", employer="Acme", **PUBLIC)

    change(mailbox, "ben@home.example", visibility="public", name="Ben", employer="A school")

    [signer] = people.everybody(cast.letter.id)
    assert (signer.name, signer.role, signer.employer, signer.level) == ("Ben", "", "A school", "email")


def test_a_name_comes_off_and_its_signer_is_counted_confidentially(cast, mailbox):
    sign(mailbox, address="ben@acme.example", **PUBLIC)

    change(mailbox, "ben@acme.example", visibility="confidential")
    sign(mailbox, address="ben@acme.example")

    assert cast.numbers.total == 0
    waiting = Waiting.objects.get()
    assert (waiting.employer_id, waiting.role_group, waiting.count) == (cast.acme, "engineering", 1)
    assert not Tag.objects.filter(public=True).exists()
    change(mailbox, "ben@acme.example")
    assert Leaving.objects.get().count == 1


def test_who_signed_confidentially_may_sign_publicly_and_counts_once(cast, mailbox):
    sign(mailbox, address="ana@acme.example", role="engineer")

    for name in ("Ana", "Ana Again"):
        sign(mailbox, address="ana@acme-alias.example", visibility="public", name=name)
    pooling.publish(letter_id=cast.letter.id, today=TODAY)

    assert [signer.name for signer in people.everybody(cast.letter.id)] == ["Ana"]
    assert cast.numbers.total == 1
    assert not Waiting.objects.exists()
    change(mailbox, "ana@acme.example")
    assert not Tag.objects.exists()


def test_whoever_signs_publicly_for_another_cannot_see_whether_she_had_signed(cast, mailbox, stranger):
    sign(mailbox, address="ana@acme.example")
    for address in ("ana@acme.example", "eve@acme.example"):
        sign(mailbox, address=address, visibility="public", name=f"Tried with {address[:3]}")

    page = stranger.get("/letters/robots/signatures/").content.decode()

    assert page.count("Tried with") == 2


def test_every_page_is_the_same_whatever_is_known_of_the_address(cast, mailbox, settings):
    sign(mailbox, address="ben@acme.example", **PUBLIC)
    sign(mailbox, address="ana@acme.example")
    seen = {}
    for address in ("ben@acme.example", "ana@acme.example", "new@acme.example", "x@no.example", "over@acme.example"):
        if over := address.startswith("over"):
            settings.CODES_PER_ADDRESS_PER_DAY = 0
        client = Client()
        answers = [begin(client, address), client.get(CODE), client.post(CODE, {"code": "AAAA AAAA"})]
        if not over:
            answers += [client.post(CODE, {"code": code_of(mailbox(address)[-1].text)}), client.get(DONE)]
        seen[address] = [(answer.status_code, answer.headers.get("Location"), bare(answer)) for answer in answers]

    *others, over = seen.values()
    assert all(pages == others[0] for pages in others)
    assert over == [
        (status, location, page.replace("AAAA AAAA", "AAAA AAAA")) for status, location, page in others[0][:3]
    ]
    assert [status for status, _location, _page in others[0]] == [302, 200, 422, 302, 200]


def test_the_mail_is_the_same_as_for_signing(cast, mailbox):
    ask(Client(), email="ana@acme.example")
    begin(Client(), "ana@acme.example")

    signing, withdrawing = (re.sub(r"\w{4} \w{4}\n", "", mail.text, count=1) for mail in mailbox("ana@acme.example"))

    assert signing.replace(" ", "") == withdrawing.replace(" ", "")


def test_a_code_for_signing_takes_nothing_back_nor_the_other_way_round(cast, mailbox):
    client = Client()
    ask(client, email="ana@acme.example")
    to_sign = code_of(mailbox("ana@acme.example")[-1].text)
    as_withdrawal = client.post(CODE, {"code": to_sign})
    begin(client, "ana@acme.example")
    to_withdraw = code_of(mailbox("ana@acme.example")[-1].text)
    as_signing = client.post("/letters/robots/code/", {"code": to_withdraw})

    assert (as_withdrawal.status_code, as_signing.status_code) == (410, 410)
    assert not Tag.objects.exists()


def test_another_code_replaces_the_first_and_get_changes_nothing(cast, mailbox):
    sign(mailbox, address="ben@acme.example", **PUBLIC)
    client = Client()
    begin(client, "ben@acme.example")
    first = code_of(mailbox("ben@acme.example")[-1].text)
    client.get(CODE, {"code": first})
    client.get(f"{CODE}again/")
    before = PublicSignature.objects.get().state
    client.post(f"{CODE}again/")
    second = code_of(mailbox("ben@acme.example")[-1].text)

    answers = [client.post(CODE, {"code": code}).status_code for code in (first, second)]

    assert (before, answers) == ("shown", [422, 302])
    assert PublicSignature.objects.get().state == "withdrawn"


def test_a_change_without_a_name_is_refused_at_its_field(cast):
    response = begin(Client(), "ben@acme.example", visibility="public", role="Kept role")

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"name"}
    assert "Kept role" in response.content.decode()
    assert not OutgoingMail.objects.exists()


def test_after_closing_the_page_says_why_nothing_can_be_taken_back(cast, mailbox, stranger):
    sign(mailbox, address="ben@acme.example", **PUBLIC)
    client = Client()
    begin(client, "ben@acme.example")
    late = code_of(mailbox("ben@acme.example")[-1].text)

    organising.close_letter(campaign_letter=cast.campaign_letter, by=cast.carla, now=NOW)

    assert "destroyed when it closed" in stranger.get(FORM).content.decode()
    assert begin(Client(), "ben@acme.example").status_code == 200
    assert client.post(CODE, {"code": late}).status_code == 409
    assert "Kovač" in stranger.get("/letters/robots/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_after_a_batch_no_hidden_mark_joins_who_left_with_a_count(cast, mailbox):
    for name in ("ana", "eve", "ida"):
        sign(mailbox, address=f"{name}@acme.example", role="engineer")
    sign(mailbox, address="ben@acme.example", **PUBLIC)
    change(mailbox, "ana@acme.example")
    change(mailbox, "ben@acme.example", visibility="confidential")
    sign(mailbox, address="eve@acme.example", visibility="public", name="Eve")

    pooling.publish(letter_id=cast.letter.id, today=TODAY)
    change(mailbox, "ida@acme.example")
    pooling.publish(letter_id=cast.letter.id, today=TODAY)

    marks = {}
    with connection.cursor() as cursor:
        for table in ("letters_publicsignature", "letters_waiting", "letters_leaving", "letters_tag"):
            cursor.execute(f"SELECT DISTINCT xmin::text FROM {table}")
            marks[table] = {row[0] for row in cursor.fetchall()}
    assert not marks["letters_publicsignature"] & (marks["letters_waiting"] | marks["letters_leaving"])
    assert not marks["letters_tag"] & (marks["letters_waiting"] | marks["letters_leaving"])


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_a_small_fall_and_a_withdrawn_name(cast):
    letter = Letter.objects.get()

    with pytest.raises(IntegrityError, match="day_shows_no_small_fall"):
        Day.objects.create(letter=letter, day=TODAY, fallen=9)
    with pytest.raises(IntegrityError, match="leaving_once"):
        Leaving.objects.create(letter=letter, count=1)
        Leaving.objects.create(letter=letter, count=1)
