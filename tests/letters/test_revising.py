"""An open letter changes: what people signed stays what they signed, and nobody is moved who does not move herself."""

import random
import uuid
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from letters import keyring, pooling, publishing, queries, revising, signing
from letters.models import Cell, Leaving, Letter, Pledge, PublicSignature, Tag, Version, Waiting
from letters.wishes import TextMoved, Visibility, Wanted
from tests.cast import NOW

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
DEMANDS, ADDRESSEES = ["Stop every robot", "Speak out publicly"], ["Ada Boss, Chief executive, Acme"]


@dataclass
class Street:
    """The letter and its signers, without forms and mail."""

    letter_id: uuid.UUID
    acme: int
    prove: dict[str, Wanted]

    def sign(self, name: str, *, public: bool, version_id: uuid.UUID | None = None, number: int = 0) -> None:
        letter = Letter.objects.get()
        wanted = Wanted(
            version_id=str(version_id or letter.current_id),
            visibility=Visibility.PUBLIC if public else Visibility.CONFIDENTIAL,
            tags=[keyring.tag(letter.pk, f"{name}@acme.example").hex()],
            employer_id=self.acme, employer_name="Acme" if public else "", name=name if public else "", role="",
            role_group="", level="work", release_at="letter" if number else "", release_number=number,
        )  # fmt: skip
        self.prove["now"] = wanted
        signing.complete(letter_id=letter.pk, secret="", code="", today=TODAY)

    def save(self, **words: str) -> None:
        one = publishing.drafts(letter_id=self.letter_id, demands=DEMANDS)[0]
        publishing.redraft(
            letter_id=self.letter_id, title=words.get("title", one.title), body=words.get("body", one.body),
            seen_revision=one.revision, now=NOW,
        )  # fmt: skip

    def correct(self, body: str) -> uuid.UUID:
        self.save(body=body)
        read = revising.correction(letter_id=self.letter_id).text.sha256()
        version_id = revising.announce_correction(letter_id=self.letter_id, read_sha256=read, note="A typo", now=NOW)
        revising.put_in_force(letter_id=self.letter_id, version_id=version_id)
        return version_id

    def change(self, *demands: str) -> uuid.UUID:
        found = revising.change(letter_id=self.letter_id, demands=list(demands), addressees=ADDRESSEES)
        return revising.make_change(
            letter_id=self.letter_id, demands=list(demands), addressees=ADDRESSEES,
            read_sha256=found.text.sha256(), note="More is asked", now=NOW,
        )  # fmt: skip

    def turn(self) -> None:
        pooling.publish(letter_id=self.letter_id, today=TODAY, rest=True)


@pytest.fixture
def street(cast, monkeypatch) -> Street:
    proved: dict[str, Wanted] = {}
    monkeypatch.setattr(
        signing.codes, "prove", lambda **_: SimpleNamespace(wanted=asdict(proved["now"]), address="a@acme.example")
    )
    monkeypatch.setattr(signing.unfinished, "cancel", lambda **_: None)
    return Street(cast.letter.id, cast.acme, proved)


def test_a_correction_counts_both_versions_together_and_rewrites_no_signature(street, cast):
    street.sign("Ben", public=True)
    for number in range(12):
        street.sign(f"ana{number}", public=False)
    street.turn()
    first = cast.letter

    second = street.correct(first.body.replace(".", "!", 1))
    street.sign("Bea", public=True)

    assert (cast.letter.version_id, cast.letter.edition) == (second, 1)
    assert (cast.numbers.public, cast.numbers.confidential) == (2, 12)
    assert PublicSignature.objects.get(name="Ben").version_id == first.version_id
    assert PublicSignature.objects.get(name="Bea").version_id == second


def test_a_change_leaves_everybody_where_she_signed_and_counts_from_nothing(street, cast):
    street.sign("Ben", public=True)
    for number in range(12):
        street.sign(f"ana{number}", public=False)
    street.turn()
    first = cast.letter.version_id

    street.change(*DEMANDS, "Pay for it")
    street.turn()

    assert (cast.letter.edition, cast.numbers.total) == (2, 0)
    assert {number: one.total for number, one in queries.editions(street.letter_id).items()} == {1: 13}
    assert PublicSignature.objects.get().version_id == first
    assert set(Tag.objects.values_list("edition", flat=True)) == {1}


def test_who_signs_the_changed_letter_moves_there_and_is_counted_once(street, cast):
    street.sign("Ben", public=True)
    for number in range(22):
        street.sign(f"ana{number}", public=False)
    street.turn()
    third = street.change("Something else")

    street.sign("Ben", public=True)
    for number in range(11):
        street.sign(f"ana{number}", public=False)
        street.sign(f"ana{number}", public=False)
    street.turn()
    street.turn()

    assert PublicSignature.objects.get().version_id == third
    editions = queries.editions(street.letter_id)
    assert (editions[1].public, editions[1].confidential) == (0, 11)
    assert (editions[2].public, editions[2].confidential) == (1, 11)


def test_a_name_goes_when_its_bearer_signs_the_changed_letter_confidentially(street, cast):
    street.sign("Ben", public=True)
    street.change("Something else")

    street.sign("Ben", public=False)

    signature = PublicSignature.objects.get()
    assert (signature.state, signature.name) == ("withdrawn", "")
    assert Waiting.objects.get().version.edition == 2
    assert Tag.objects.get().edition == 2


def test_who_typed_her_code_after_the_change_has_to_read_again(street, cast):
    first = cast.letter.version_id
    street.change("Something else")

    with pytest.raises(TextMoved), transaction.atomic():
        street.sign("Ben", public=True, version_id=first)

    assert not Tag.objects.exists()


def test_a_code_that_comes_after_a_correction_signs_what_was_read(street, cast):
    first = cast.letter
    street.correct(first.body.replace(".", "!", 1))

    street.sign("Ben", public=True, version_id=first.version_id)

    assert PublicSignature.objects.get().version_id == first.version_id
    assert cast.numbers.public == 1


@pytest.mark.parametrize(
    ("body", "reason"), [("Entirely other words. " * 20, "more than a correction"), (None, "word for word version 1")]
)
def test_what_says_much_more_or_nothing_new_is_no_correction(street, cast, body, reason):
    if body:
        street.save(body=body)
    read = revising.correction(letter_id=street.letter_id).text.sha256()

    with pytest.raises(publishing.NotPossible, match=reason):
        revising.announce_correction(letter_id=street.letter_id, read_sha256=read, note="", now=NOW)

    assert Version.objects.count() == 1


def test_another_demand_in_a_translation_is_no_correction_either(street, cast):
    publishing.add_translation(
        letter_id=street.letter_id, language="de", title="T", body="B", demands=["Eins", "Zwei"], follows="", now=NOW
    )
    street.correct(cast.letter.body.replace(".", "!", 1))
    publishing.redraft(
        letter_id=street.letter_id, language="de", title="T", body="B", demands=["Eins", "Drei"], seen_revision=1,
        now=NOW,
    )  # fmt: skip

    assert "demands read differently" in revising.correction(letter_id=street.letter_id).too_much
    publishing.remove_translation(letter_id=street.letter_id, language="de", seen_revision=2)
    assert "A translation is gone" in revising.correction(letter_id=street.letter_id).too_much


def test_a_text_that_was_not_read_and_a_letter_that_is_closed_do_not_change(street, cast):
    street.save(body="Robots, and more of them.")
    with pytest.raises(publishing.NotPossible, match="changed since you read it"):
        revising.make_change(
            letter_id=street.letter_id, demands=DEMANDS, addressees=ADDRESSEES, read_sha256="0" * 64, note="", now=NOW
        )
    publishing.close_letter(letter_id=street.letter_id, now=NOW + timedelta(days=1))

    with pytest.raises(publishing.NotPossible, match="not open"):
        street.change("Something else")


def test_a_correction_that_another_change_overtook_is_void(street, cast):
    street.save(body=cast.letter.body.replace(".", "!", 1))
    read = revising.correction(letter_id=street.letter_id).text.sha256()
    late = revising.announce_correction(letter_id=street.letter_id, read_sha256=read, note="", now=NOW)
    street.change("Something else")

    with pytest.raises(publishing.NotPossible, match="void"):
        revising.put_in_force(letter_id=street.letter_id, version_id=late)


def test_the_database_knows_no_version_of_an_edition_to_come(cast):
    row = Version.objects.values().get()
    with pytest.raises(IntegrityError, match="edition_that_began"), transaction.atomic():
        Version.objects.create(**row | {"id": uuid.uuid4(), "number": 2, "edition": 3, "sha256": "0" * 64})


def test_while_one_edition_falls_none_rises(street, cast):
    for number in range(20):
        street.sign(f"ana{number}", public=False)
    street.turn()
    street.change("Something else")
    for number in range(10):
        street.sign(f"ana{number}", public=False)

    steps = [cast_total(street)]
    for _ in range(3):
        street.turn()
        steps.append(cast_total(street))

    assert steps == [20, 10, 20, 20]


def cast_total(street: Street) -> int:
    return sum(one.total for one in queries.editions(street.letter_id).values())


@pytest.mark.parametrize("seed", range(4))
def test_no_history_moves_a_signature_that_did_not_move_itself(street, cast, seed):
    chance = random.Random(seed)
    stands: dict[str, tuple[uuid.UUID, int, bool]] = {}  # whom: version, edition, by name
    numbers = iter(range(1000))
    for _ in range(60):
        match chance.choice(["sign"] * 8 + ["turn"] * 2 + ["correct", "change"]):
            case "sign":
                name, public = f"p{chance.randrange(30)}", chance.random() < 0.4
                street.sign(name, public=public, number=chance.choice([0, 0, 20]) if not public else 0)
                stands[name] = expected(stands.get(name), cast.letter, public)
            case "turn":
                street.turn()
            case "correct":
                street.correct(f"{cast.letter.body.strip()} {next(numbers)}")
            case "change":
                street.change(f"Demand {next(numbers)}")
        compare(stands)


def expected(was: tuple[uuid.UUID, int, bool] | None, letter: queries.LetterFacts, public: bool):
    now = (letter.version_id, letter.edition, public)
    if was is None or was[1] < letter.edition or (public and not was[2]):
        return now
    return was


def compare(stands: dict[str, tuple[uuid.UUID, int, bool]]) -> None:
    named = {row.name: row.version_id for row in PublicSignature.objects.filter(state="shown")}
    assert named == {name: version for name, (version, _edition, public) in stands.items() if public}
    unnamed: Counter[int] = Counter()
    for model, column in ((Cell, "confidential"), (Waiting, "count"), (Pledge, "count")):
        for edition, count in model.objects.values_list("version__edition", column):
            unnamed[edition] += count
    for edition, count in Leaving.objects.values_list("edition", "count"):
        unnamed[edition] -= count
    assert +unnamed == Counter(edition for _version, edition, public in stands.values() if not public)
    public_cells = Counter()
    for edition, count in Cell.objects.values_list("version__edition", "public"):
        public_cells[edition] += count
    assert +public_cells == Counter(edition for _version, edition, public in stands.values() if public)
