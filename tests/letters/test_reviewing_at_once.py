"""A reviewer answers while the signer takes her signature back: whoever is second waits, and there is one truth."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from accounts.shortlived import memory
from letters import admitting, counting, evidence, holding, people, reviewing
from letters.models import Case, Cell, Day, PublicSignature, Tag
from tests.cast import NOW, Cast, code_of, sign
from tests.letters.test_evidence import show
from tests.letters.test_following_at_once import in_own_connection
from tests.letters.test_withdrawing import CODE, begin

pytestmark = pytest.mark.django_db(transaction=True)
PUBLIC = {"visibility": "public", "role": "Engineer"}
Act = Callable[[], str]


@pytest.fixture(autouse=True)
def takes_evidence(cast, settings):
    settings.CODES_PER_ADDRESS_PER_DAY = 30
    choice = admitting.Choice(takes_reviewed=True)
    admitting.choose(letter_id=cast.letter.id, choice=choice)


def held(cast: Cast, mailbox, address: str) -> None:
    """A name that waits for a person's eye."""
    sign(mailbox, address=address, name="Bеn Miller", **PUBLIC)


def with_evidence(cast: Cast, mailbox, address: str) -> None:
    """A name that is shown, with evidence that waits."""
    show(cast, mailbox, address)


def reviewer(cast: Cast, *, agrees: bool) -> Act:
    """She has taken the case, and seen what there is to see; the answer is still to come."""
    one = Case.objects.get()
    whose = {"directory_id": cast.campaign.directory_id, "case_id": one.pk, "by_id": cast.carla.pk}
    reviewing.claim(**whose, now=NOW)
    if one.kind == Case.Kind.PROOF:
        reviewing.open_evidence(**whose, now=NOW)

    def answer() -> str:
        try:
            return reviewing.decide(**whose, agrees=agrees, now=NOW).value
        except reviewing.NotPossible:
            return "gone"

    return answer


def signer(mailbox, address: str) -> Act:
    """She has the code; it is still to be typed."""
    client = Client()
    begin(client, address)
    code = code_of(mailbox(address)[-1].text)
    return lambda: str(client.post(CODE, {"code": code}).status_code)


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # or a transaction sees what it saw first
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def crosswise(monkeypatch, first: Act, second: Act, *, within: list[tuple[object, str]]) -> tuple[str, str]:
    """`first` has its rows and stops at one of these places until `second` waits for them; then both end."""
    inside, met = threading.Event(), threading.Event()

    def held_up(real):
        def slowly(*args, **kwargs):
            if not inside.is_set():
                inside.set()
                until = time.monotonic() + 5
                while not met.is_set() and time.monotonic() < until:
                    if somebody_waits():
                        met.set()
            return real(*args, **kwargs)

        return slowly

    for module, name in within:
        monkeypatch.setattr(module, name, held_up(getattr(module, name)))
    with ThreadPoolExecutor(2) as both:
        one = both.submit(in_own_connection(first))
        assert inside.wait(10)
        other = both.submit(in_own_connection(second))
        answers = one.result(timeout=20), other.result(timeout=20)
    monkeypatch.undo()
    assert met.is_set(), "the second never waited for the first"
    return answers


def nothing_is_left(cast: Cast) -> None:
    """No name, no tag, no question, no key; and what cells and days count is nobody."""
    assert list(people.everybody(cast.letter.id)) == []
    assert not PublicSignature.objects.exclude(state="withdrawn").exists()
    assert not PublicSignature.objects.exclude(name="", tag=None).exists()
    assert not Tag.objects.exists()
    assert not Case.objects.exists()
    assert list(memory().scan_iter("evidence:*")) == []
    assert sum(cell.public for cell in Cell.objects.all()) == 0
    assert sum(day.public - day.withdrawn for day in Day.objects.all()) == 0


_DECIDING = [(counting, "count_signature"), (counting, "move_to_employer"), (evidence, "destroy")]
_LEAVING = [(holding, "take_off")]


@pytest.mark.parametrize(
    ("kind", "agrees", "said"),
    [
        (held, True, "shown"),
        (held, False, "refused"),
        (with_evidence, True, "proved"),
        (with_evidence, False, "not proved"),
    ],
)
def test_an_answer_and_a_withdrawal_that_meet_leave_one_truth_in_either_order(
    cast, mailbox, monkeypatch, kind, agrees, said
):
    kind(cast, mailbox, "rosa@home.example")
    answer, leave = reviewer(cast, agrees=agrees), signer(mailbox, "rosa@home.example")
    answered, left = crosswise(monkeypatch, answer, leave, within=_DECIDING)
    assert (answered, left) == (said, "302")
    nothing_is_left(cast)

    kind(cast, mailbox, "kim@home.example")
    answer, leave = reviewer(cast, agrees=agrees), signer(mailbox, "kim@home.example")
    left, answered = crosswise(monkeypatch, leave, answer, within=_LEAVING)
    assert (answered, left) == ("gone", "302")
    nothing_is_left(cast)


def test_let_loose_at_the_same_moment_they_leave_one_truth_too(cast, mailbox):
    for number in range(3):
        held(cast, mailbox, f"rosa{number}@home.example")
        acts = [reviewer(cast, agrees=True), signer(mailbox, f"rosa{number}@home.example")]
        together = threading.Barrier(2)

        def start(act: Act, together: threading.Barrier = together) -> str:
            together.wait(5)
            return act()

        with ThreadPoolExecutor(2) as both:
            answers = list(both.map(lambda act: in_own_connection(lambda: start(act))(), acts))

        assert answers[0] in {"shown", "gone"}
        assert answers[1] == "302"
        nothing_is_left(cast)
