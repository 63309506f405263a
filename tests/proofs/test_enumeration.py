"""P7: whoever types somebody's address learns nothing from the answer, nor from how long it takes.

Bytes are compared always; times with `PROOF_REQUESTS=2000`, by Welch's t between each state and an unknown address.
"""

import math
import os
import random
import re
import statistics
import time
import uuid
from itertools import count

import pytest
from django.test import Client

from letters import keyring, limits, unwanted, verification
from letters.limits import Effort
from letters.models import Letter, PublicSignature, Removal, Tag
from tests.cast import NOW

REQUESTS = int(os.environ.get("PROOF_REQUESTS", "2"))
# Times are measured with the commit, the bell and all.
pytestmark = pytest.mark.django_db(transaction=REQUESTS > 20)
LEAK = 4.5
_numbers = count()


@pytest.fixture
def letter(cast) -> Letter:
    return Letter.objects.get(pk=cast.letter.id)


def _tags(letter: Letter, address: str, **more: object) -> Tag:
    """As after a signature: a tag for each of the employer's domains."""
    mailbox = verification.canonical(address)
    local = mailbox.partition("@")[0]
    forms = [mailbox, f"{local}@acme-alias.example"]
    tags = [Tag(letter=letter, digest=keyring.tag(letter.pk, form), **more) for form in forms]
    return Tag.objects.bulk_create(tags)[0]


def _name(letter: Letter, address: str, **more: object) -> None:
    PublicSignature.objects.create(
        letter=letter, version_id=letter.current_id, tag=_tags(letter, address, public=True), name="Ana Souza",
        level="email", signed_on=NOW.date(), **more,
    )  # fmt: skip


def _remove(letter: Letter, address: str) -> None:
    removal = Removal.objects.create(
        letter=letter, reason="x", matched=1, removed=1, planned_on=NOW.date(), over_on=NOW.date(), state="done"
    )
    _name(letter, address, state="removed", removal=removal)


def _over_the_limit(letter: Letter, address: str) -> None:
    for number in range(3):
        assert limits.within(address=address, network=f"198.51.{number}.0/24", effort=Effort.PROVED)


def _stop(address: str) -> None:
    unwanted.remember(address=address, code="ABCDEFGH")
    assert unwanted.stop(address=address, typed="ABCD EFGH", network=f"net {next(_numbers)}")


STATES = {
    "unknown": lambda letter, address: None,
    "signed confidentially": lambda letter, address: _tags(letter, address),
    "signed by name": _name,
    "on hold": lambda letter, address: _name(letter, address, state="held"),
    "removed": _remove,
    "stopped codes": lambda letter, address: _stop(address),
    "over the limit": _over_the_limit,
}


def _answer(client: Client, letter: Letter, form: str, address: str) -> tuple[float, list[object]]:
    """How long the answer takes, and what it says but for what is new each time whoever asks."""
    page = {
        "visibility": "public" if "public" in form else "confidential", "email": address, "name": "Ana", "role": "",
        "employer": "", "version": letter.current.sha256,
    }  # fmt: skip
    if form == "withdraw":
        page = {"visibility": "withdraw", "email": address, "name": "", "role": "", "employer": ""}
    began = time.perf_counter()
    first = client.post(f"/letters/robots/{form.partition(' ')[0]}/", page)
    took = time.perf_counter() - began
    second = client.get(first.headers["Location"]) if first.status_code == 302 else first
    body = re.sub(r'(csrfmiddlewaretoken" value|data-challenge|challenge)="[^"]*"', "", second.content.decode())
    headers = {name: value for name, value in first.headers.items() if name not in {"Expires", "Date"}}
    cookies = {name: dict(morsel) | {"expires": ""} for name, morsel in first.cookies.items()}
    return took, [first.status_code, headers, first.content, cookies, second.status_code, body.replace(address, "")]


@pytest.mark.parametrize("form", ["sign confidential", "sign public", "withdraw"])
def test_the_answer_says_nothing_of_an_address(letter, form, settings):
    settings.CODES_PER_NETWORK_PER_HOUR = settings.CODES_PER_DOMAIN_PER_HOUR = 10**8
    took: dict[str, list[float]] = {state: [] for state in STATES}
    answers: dict[str, list[object]] = {}
    chance = random.Random(7)
    for number in range(REQUESTS + REQUESTS // 10):
        for state in chance.sample(list(STATES), len(STATES)):
            address = f"{uuid.uuid4().hex[:12]}@acme.example"
            STATES[state](letter, address)
            seconds, said = _answer(Client(), letter, form, address)
            answers.setdefault("any", said)
            assert said == answers["any"], state
            if number >= REQUESTS // 10:  # the first ones warm everything up
                took[state].append(seconds)

    if REQUESTS > 20:
        found = {state: _t(took[state], took["unknown"]) for state in STATES if state != "unknown"}
        means = {state: f"{1000 * statistics.mean(times):.2f} ms" for state, times in took.items()}
        print(f"\n{form}, {REQUESTS} requests each: {found}; {means}")
        assert all(abs(t) < LEAK for t in found.values()), found


def _t(one: list[float], other: list[float]) -> float:
    """Welch's t of the times, without the slowest twentieth, which tells of the machine and not of the address."""
    cut = sorted(one + other)[int(0.95 * len(one + other))]
    a, b = ([seconds for seconds in times if seconds <= cut] for times in (one, other))
    spread = math.sqrt(statistics.variance(a) / len(a) + statistics.variance(b) / len(b))
    return round((statistics.mean(a) - statistics.mean(b)) / spread, 2)
