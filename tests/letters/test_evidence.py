"""Evidence of an employer: sealed, opened by one reviewer, destroyed on the answer and after three days."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from PIL import Image

from accounts.shortlived import memory
from campaign import reviewing as team_verbs
from campaign.models import AuditEntry, Membership, Role
from letters import admitting, evidence, people, pictures, review_queries, reviewing
from letters.models import Case, Cell, PublicSignature, Tag, Waiting
from tests.cast import NOW, ask, browser_of, code_of, organiser, sign
from tests.letters.test_withdrawing import change

pytestmark = pytest.mark.django_db
CANARY = "kanarienvogel"
EVIDENCE, CODE = "/letters/robots/evidence/", "/letters/robots/code/"
DESK = "/organise/campaigns/robots/review/"
PUBLIC = {"visibility": "public", "name": "Rosa Klug", "role": "Engineer", "evidence": "yes"}


@pytest.fixture(autouse=True)
def reviewed(cast, settings):
    """The letter takes evidence."""
    settings.CODES_PER_ADDRESS_PER_DAY = 30
    allow(cast)


@pytest.fixture
def vesna(cast):
    user = organiser("Vesna")
    Membership.objects.create(team=cast.campaign.team, user=user, role=Role.VERIFIER)
    return user


def allow(cast, **choice) -> None:
    admitting.choose(letter_id=cast.letter.id, choice=admitting.Choice(**{"takes_reviewed": True, **choice}))


def picture(kind: str = "JPEG", size=(60, 40)) -> bytes:
    drawn = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = CANARY  # the description
    exif[0x8825] = {1: "N", 2: (52.0, 30.0, 0.0)}  # the place
    Image.new("RGB", size, "navy").save(drawn, kind, **({"exif": exif} if kind != "PNG" else {}))
    return drawn.getvalue()


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{CANARY}.jpg", content, "image/jpeg")


def up_to_the_evidence(mailbox, address: str, **form: str) -> Client:
    client = Client()
    ask(client, email=address, **{**PUBLIC, **form})
    response = client.post(CODE, {"code": code_of(mailbox(address)[-1].text)})
    assert response.headers["Location"] == EVIDENCE
    return client


def show(cast, mailbox, address: str = "rosa@home.example", form=None, **more):
    """The whole way of a signer with evidence. Answers the last response."""
    client = up_to_the_evidence(mailbox, address, **(form or {}))
    return client.post(EVIDENCE, {"employer": cast.acme, "text": f"Ask {CANARY}.", **more})


def take(user) -> tuple[Client, str]:
    client = browser_of(user)
    return client, client.post(DESK, {"next": "1"}).headers["Location"]


def answer(user, reason: str) -> str:
    client, path = take(user)
    client.post(path, {"open": "1"})
    return said(client.post(path, {"answer": reason}, follow=True))


def said(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def everything() -> str:
    """All rows of all tables, all of Redis."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT json_agg(one)::text FROM "{table}" AS one')
            found.append(cursor.fetchone()[0] or "")
    for key in memory().scan_iter():
        found.append(repr(key) + repr(memory().get(key) if memory().type(key) == b"string" else ""))
    return "".join(found).lower()


def test_nothing_is_signed_before_the_evidence_came(cast, mailbox, settings):
    client = up_to_the_evidence(mailbox, "rosa@home.example")

    page = said(client.get(EVIDENCE))

    assert not Tag.objects.exists()
    assert "Step 3 of 3" in page
    assert "No mail tells you" in page
    assert "after 72 hours anyway" in page
    assert client.cookies[settings.SIGNING_COOKIE_NAME]["max-age"] == evidence.GATHERING


def test_she_stands_as_checked_by_mail_until_the_evidence_convinces(cast, mailbox, vesna):
    response = show(cast, mailbox)
    before = [(one.level_text, one.employer) for one in people.everybody(cast.letter.id)]

    page = answer(vesna, "shows")

    assert response.headers["Location"] == "/letters/robots/signed/"
    assert before == [("e-mail checked", "")]
    [one] = people.everybody(cast.letter.id)
    assert (one.level_text, one.employer, one.former) == ("reviewed", "Acme", False)
    assert "The evidence is destroyed" in page or "It stands on the letter" in page
    assert [(count.name, count.public) for count in cast.numbers.employers] == [("Acme", 1)]
    assert cast.numbers.total == 1
    assert sum(cell.public for cell in Cell.objects.all()) == 1


@pytest.mark.parametrize("reason", ["shows", "other-name", "unclear"])
def test_after_the_answer_nothing_of_it_is_left_anywhere(cast, mailbox, vesna, own_folders, reason):
    show(cast, mailbox, picture=upload(picture()))
    case = Case.objects.get()
    waiting = everything()

    answer(vesna, reason)

    assert CANARY not in waiting, "it is sealed while it waits"
    assert f"evidence:{case.pk}" in waiting
    left = everything()
    assert CANARY not in left
    assert f"evidence:{case.pk}" not in left
    assert evidence.read(case) is None, "what PostgreSQL has not cleaned up yet cannot be opened"
    assert not Case.objects.exists()
    for file in own_folders.rglob("*"):
        assert CANARY not in file.name
        assert not file.is_file() or CANARY.encode() not in file.read_bytes()


def test_what_does_not_convince_leaves_the_signature_as_it_stood(cast, mailbox, vesna):
    show(cast, mailbox)

    answer(vesna, "altered")

    assert [one.level for one in people.everybody(cast.letter.id)] == ["email"]
    assert cast.numbers.total == 1


def test_former_stands_beside_the_name_and_counts_for_no_company(cast, mailbox, vesna, stranger):
    show(cast, mailbox, former="on")

    answer(vesna, "shows")

    [one] = people.everybody(cast.letter.id)
    assert (one.employer, one.former, one.level) == ("Acme", True, "reviewed")
    assert cast.numbers.employers == ()
    assert cast.numbers.total == 1
    assert "formerly" in stranger.get("/letters/robots/signatures/").content.decode()


def test_one_reviewer_opens_it_and_that_is_on_the_log_before_it_is_seen(cast, mailbox, vesna):
    show(cast, mailbox, link="https://acme.example/people", picture=upload(picture()))
    hers, path = take(vesna)
    case_id = Case.objects.get().pk

    closed = hers.get(path).content.decode()
    too_early = said(hers.post(path, {"answer": "shows"}, follow=True))
    hers.post(path, {"claim": "1"})
    opened = hers.post(path, {"open": "1"}, follow=True)

    assert CANARY not in closed
    assert "Rosa Klug" in closed
    assert "Look at what was sent before you answer" in too_early
    page = opened.content.decode()
    assert CANARY in page
    assert "https://acme.example/people" in page
    assert 'href="https://acme.example/people"' not in page
    assert "data:image/jpeg;base64," in page
    assert opened.headers["Cache-Control"] == "no-store"
    noted = AuditEntry.objects.get(what="signatures.evidence-opened")
    assert (noted.by, str(case_id)[:8] in noted.about) == (vesna, True)
    hers.post(path, {"give_back": "1"})
    carlas = browser_of(cast.carla)
    assert CANARY not in carlas.get(path).content.decode()
    assert CANARY not in carlas.post(path, {"claim": "1"}, follow=True).content.decode()
    assert CANARY not in carlas.post(path, {"open": "1"}, follow=True).content.decode()
    assert Case.objects.get().opened_by == vesna
    assert "Nothing is left that you may answer" in said(carlas.post(DESK, {"next": "1"}, follow=True))


def test_without_the_claim_nobody_sees_it_not_even_who_opened_it(cast, mailbox, vesna):
    show(cast, mailbox)
    hers, path = take(vesna)
    hers.post(path, {"open": "1"})
    late = NOW.replace(year=2100)

    assert review_queries.evidence_of(
        cast.campaign.directory_id, Case.objects.get().pk, by_id=vesna.pk, now=late
    ) is None  # fmt: skip
    with pytest.raises(reviewing.NotPossible):
        reviewing.open_evidence(
            directory_id=cast.campaign.directory_id, case_id=Case.objects.get().pk, by_id=cast.carla.pk, now=NOW
        )


def test_when_its_key_is_gone_it_goes_and_the_log_says_so(cast, mailbox, vesna):
    show(cast, mailbox)
    show(cast, mailbox, "kim@home.example", form={"name": "Kim Late"})
    rosas = Case.objects.get(signature__name="Rosa Klug")
    ttl = memory().ttl(f"evidence:{rosas.pk}")
    memory().delete(f"evidence:{rosas.pk}")

    gone = team_verbs.forget(now=NOW)

    assert 0 < ttl <= 72 * 3600
    assert gone == 1
    assert [case.signature.name for case in Case.objects.all()] == ["Kim Late"]
    assert {one.name for one in people.everybody(cast.letter.id)} == {"Rosa Klug", "Kim Late"}
    assert AuditEntry.objects.get(what="signatures.review-lapsed").count == 1


def test_she_takes_it_back_and_the_evidence_goes_too(cast, mailbox):
    show(cast, mailbox)
    case = Case.objects.get()

    change(mailbox, "rosa@home.example")

    assert not Case.objects.exists()
    assert memory().get(f"evidence:{case.pk}") is None


def test_sent_again_it_replaces_what_was_sent_and_she_counts_once(cast, mailbox, vesna):
    show(cast, mailbox)
    first = Case.objects.get().pk
    show(cast, mailbox, text="Better.")

    assert Case.objects.get().pk != first
    assert memory().get(f"evidence:{first}") is None
    assert cast.numbers.total == 1
    hers, path = take(vesna)
    assert "Better." in hers.post(path, {"open": "1"}, follow=True).content.decode()


def test_who_stands_there_already_adds_it_later(cast, mailbox, vesna):
    sign(mailbox, address="rosa@home.example", visibility="public", name="Rosa Klug")
    show(cast, mailbox, form={"name": "Another Name"})

    answer(vesna, "shows")

    assert [(one.name, one.level) for one in people.everybody(cast.letter.id)] == [("Rosa Klug", "reviewed")]


def test_she_may_sign_without_it_after_all(cast, mailbox):
    client = up_to_the_evidence(mailbox, "rosa@home.example")

    response = client.post(EVIDENCE, {"without": "1"})

    assert response.headers["Location"] == "/letters/robots/signed/"
    assert [one.level for one in people.everybody(cast.letter.id)] == ["email"]
    assert not Case.objects.exists()
    assert client.post(EVIDENCE, {"without": "1"}).status_code == 410


def test_a_confidential_signer_is_told_that_it_is_not_for_her(cast, mailbox):
    response = ask(Client(), email="ana@home.example", evidence="yes")

    assert response.status_code == 422
    assert "Evidence is for public signatures" in response.content.decode()


class TestWhereAMailboxIsNotEnough:
    @pytest.fixture(autouse=True)
    def proof_asked_for(self, cast):
        allow(cast, for_anyone=False, employer_ids=[cast.acme], takes_email=False)

    def test_she_is_shown_only_once_it_convinced(self, cast, mailbox, vesna, stranger):
        show(cast, mailbox)
        before = (cast.numbers.total, "Rosa Klug" in stranger.get("/letters/robots/").content.decode())

        page = answer(vesna, "shows")

        assert before == (0, False)
        assert "It stands on the letter now" in page
        assert [(one.name, one.level) for one in people.everybody(cast.letter.id)] == [("Rosa Klug", "reviewed")]
        assert cast.numbers.employers[0].public == cast.numbers.total == 1

    def test_what_does_not_convince_leaves_nothing_and_she_may_try_again(self, cast, mailbox, vesna):
        show(cast, mailbox)

        answer(vesna, "unclear")

        assert not any(model.objects.exists() for model in (PublicSignature, Tag, Case))
        show(cast, mailbox)
        assert "It stands on the letter now" in answer(vesna, "shows")

    def test_so_does_what_nobody_looked_at(self, cast, mailbox):
        show(cast, mailbox)
        memory().delete(*memory().keys("evidence:*"))

        team_verbs.forget(now=NOW)

        assert not any(model.objects.exists() for model in (PublicSignature, Tag, Case))

    def test_a_name_on_hold_needs_both_answers(self, cast, mailbox, vesna):
        show(cast, mailbox, form={"name": "Bеn Miller"})  # its e is Cyrillic
        assert Case.objects.count() == 2

        pages = []
        for _ in range(2):
            client, path = take(vesna)
            client.post(path, {"open": "1"})
            client.post(path, {"claim": "1"})
            reason = "shows" if Case.objects.get(pk=path.split("/")[-2]).kind == "proof" else "common"
            pages.append(said(client.post(path, {"answer": reason}, follow=True)))
            if len(pages) == 1:
                assert cast.numbers.total == 0

        assert "It stands on the letter now" in pages[1]
        assert cast.numbers.total == 1

    def test_a_name_that_waits_is_no_way_to_be_counted_without_proof(self, cast, mailbox):
        show(cast, mailbox)

        change(mailbox, "rosa@home.example", visibility="confidential")

        assert not any(model.objects.exists() for model in (PublicSignature, Tag, Case, Waiting))

    def test_she_cannot_leave_the_evidence_out(self, cast, mailbox):
        client = up_to_the_evidence(mailbox, "rosa@home.example")

        assert "Sign without it" not in said(client.get(EVIDENCE))
        assert client.post(EVIDENCE, {"without": "1"}).status_code == 422
        assert not Tag.objects.exists()

    def test_only_the_named_employers_can_be_shown_and_former_only_if_they_are_asked(self, cast, mailbox):
        client = up_to_the_evidence(mailbox, "rosa@home.example")

        page = client.get(EVIDENCE).content.decode()

        assert "Beta" not in page.partition("<form")[2]
        assert "former" not in page.partition("<form")[2]
        assert client.post(EVIDENCE, {"employer": cast.beta, "text": "x"}).status_code == 422


class TestPictures:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_they_are_drawn_anew_without_what_they_betray(self, kind):
        drawn = pictures.clean(picture(kind))

        with Image.open(io.BytesIO(drawn)) as image:
            assert image.format == "JPEG"
            assert not image.getexif()
            assert image.size == (60, 40)
        assert CANARY.encode() not in drawn

    def test_large_ones_are_made_smaller_and_see_through_ones_white(self):
        drawn = io.BytesIO()
        Image.new("RGBA", (5000, 100), (0, 0, 0, 0)).save(drawn, "PNG")

        with Image.open(io.BytesIO(pictures.clean(drawn.getvalue()))) as image:
            assert image.size == (2400, 48)
            assert image.getpixel((5, 5)) == (255, 255, 255)

    @pytest.mark.parametrize(
        "content", [b"", b"GIF89a" + b"x" * 50, b"%PDF-1.7", b"<svg/>", picture()[:200], b"\0" * 999]
    )
    def test_what_is_no_picture_is_refused(self, content):
        with pytest.raises(pictures.NotAPicture, match="Send a JPEG"):
            pictures.clean(content)

    def test_too_many_pixels_are_refused_before_they_are_drawn(self):
        drawn = io.BytesIO()
        Image.new("1", (6000, 4000)).save(drawn, "PNG")

        with pytest.raises(pictures.NotAPicture, match="too many pixels"):
            pictures.clean(drawn.getvalue())

    @pytest.mark.parametrize(
        ("content", "words"),
        [(b"no picture", "no picture that can be read"), (b"x" * (pictures.MOST_BYTES + 1), "larger than 10 MB")],
        ids=["no picture", "too large"],
    )
    def test_a_bad_one_is_said_at_the_field_and_what_was_typed_stays(self, cast, mailbox, content, words):
        client = up_to_the_evidence(mailbox, "rosa@home.example")

        response = client.post(EVIDENCE, {"employer": cast.acme, "text": "Ask Kim.", "picture": upload(content)})

        assert response.status_code == 422
        assert words in response.content.decode()
        assert "Ask Kim." in response.content.decode()
        assert client.post(EVIDENCE, {"employer": cast.acme, "text": "Ask Kim."}).status_code == 302

    def test_what_is_far_too_large_is_not_read_at_all(self, cast, mailbox):
        client = up_to_the_evidence(mailbox, "rosa@home.example")

        response = client.post(EVIDENCE, {"text": "x"}, CONTENT_LENGTH=str(40 * 1024 * 1024))

        assert response.status_code == 413
        assert "may have 10 MB" in said(response)


@pytest.mark.parametrize(
    ("typed", "words"),
    [({}, "Write something"), ({"text": "  "}, "Write something"), ({"link": "javascript:alert(1)"}, "valid URL"),
     ({"text": "x" * 2001}, "at most 2000"), ({"employer": "", "text": "x"}, "required")],
)  # fmt: skip
def test_what_shows_nothing_is_refused_with_a_sentence(cast, mailbox, typed, words):
    client = up_to_the_evidence(mailbox, "rosa@home.example")

    response = client.post(EVIDENCE, {"employer": cast.acme, **typed})

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Tag.objects.exists()


def test_only_the_browser_that_proved_the_mailbox_can_send_it(cast, mailbox):
    up_to_the_evidence(mailbox, "rosa@home.example")

    assert Client().get(EVIDENCE).status_code == 200
    assert Client().post(EVIDENCE, {"employer": cast.acme, "text": "x"}).status_code == 410
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(EVIDENCE, {"employer": cast.acme, "text": "x"}).status_code == 403


def test_the_intake_closes_itself_says_so_and_opens_again(cast, mailbox, vesna, stranger):
    admitting.limit_evidence(directory_id=cast.campaign.directory_id, most=10)
    for number in range(10):
        show(cast, mailbox, f"rosa{number}@home.example", form={"name": f"Rosa {'abcdefghij'[number]}"})

    closed = stranger.get("/letters/robots/sign/").content.decode()
    late = ask(Client(), email="late@home.example", **PUBLIC)
    answer(vesna, "shows")
    opened = stranger.get("/letters/robots/sign/").content.decode()

    assert "reviewers cannot keep up" in closed
    assert 'name="evidence"' not in closed
    assert late.status_code == 422
    assert "Evidence is not taken any more right now" in late.content.decode()
    assert 'name="evidence"' in opened
    assert "reviewers cannot keep up" not in opened


def test_the_evidence_of_a_letter_that_takes_none_is_refused(cast, mailbox):
    allow(cast, takes_reviewed=False)

    response = ask(Client(), email="rosa@home.example", **PUBLIC)

    assert response.status_code == 422
    assert 'name="evidence"' not in Client().get("/letters/robots/sign/").content.decode()
