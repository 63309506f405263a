"""P2: whoever has a copy of the database *and* the letter's key joins nobody with the group she counts in."""

import math
import os
import random
from collections import Counter

import pytest
from django.db import connection

from letters import keyring, pooling, roles
from letters.models import Cell, EmployerDomain, Letter, Waiting
from tests.cast import NOW, sign

MANY = int(os.environ.get("PROOF_SIGNERS", "30"))
BATCH = max(30, MANY // 5)
ROLES = ("Software engineer", "Research scientist", "Product designer", "Support agent")
_SQL = {
    "tag": "SELECT digest, xmin::text::bigint, ctid::text, id::text FROM letters_tag ORDER BY {order}",
    "count": """
        SELECT role_group, xmin::text::bigint, ctid::text, id::text, number FROM (
            SELECT role_group, xmin, ctid, id::text, confidential AS number FROM letters_cell
            UNION ALL SELECT role_group, xmin, ctid, id::text, count FROM letters_waiting
        ) AS counts WHERE number > 0
    """,
}


def _rows(name: str, order: str = "id") -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(_SQL[name].format(order=order))
        return cursor.fetchall()


def _in_order(tags: list[tuple], counts: list[tuple]) -> dict[bytes, str]:
    """Deal the tags out to the counts in the order of both, as if one had been written after the other."""
    slots = [group for group, *_rest, number in counts for _ in range(number)]
    return {bytes(tag[0]): group for tag, group in zip(tags, slots, strict=False)}


def _attacks() -> dict[str, dict[bytes, str]]:
    """What each way of joining says of each tag."""
    counts = _rows("count")
    by_mark: dict[int, set[str]] = {}
    for group, mark, *_rest in counts:
        by_mark.setdefault(mark, set()).add(group)
    tags = _rows("tag")
    largest = max(counts, key=lambda row: row[4])[0]

    def nearest(mark: int) -> str:
        return min(counts, key=lambda row: abs(row[1] - mark))[0]

    return {
        "the same hidden mark": {
            bytes(digest): min(by_mark.get(mark, {largest})) for digest, mark, _place, _id in tags
        },
        "the nearest hidden mark": {bytes(digest): nearest(mark) for digest, mark, _place, _id in tags},
        "the order of marks": _in_order(_rows("tag", "xmin::text::bigint, ctid"), sorted(counts, key=lambda r: r[1])),
        "the physical order": _in_order(_rows("tag", "ctid"), sorted(counts, key=lambda r: r[2])),
        "the order of keys": _in_order(_rows("tag", "id"), sorted(counts, key=lambda r: r[3])),
    }


@pytest.mark.django_db(transaction=True)
def test_no_join_finds_the_group_of_a_signer_better_than_chance(cast, mailbox):
    letter, chance = Letter.objects.get(pk=cast.letter.id), random.Random(4)
    # With one domain each signer has one tag.
    EmployerDomain.objects.filter(domain="acme-alias.example").delete()
    truth: dict[bytes, str] = {}
    when: dict[bytes, int] = {}
    for number in range(MANY):
        person, role = f"signer{number}@acme.example", chance.choice(ROLES)
        sign(mailbox, address=person, visibility="confidential", role=role)
        digest = keyring.tag(letter.pk, person)
        truth[digest], when[digest] = roles.group_of(role), number
        if number % BATCH == BATCH - 1:
            pooling.publish(letter_id=letter.pk, today=NOW.date())
    before = _hits(_attacks(), truth)
    pooling.publish(letter_id=letter.pk, today=NOW.date(), rest=True)

    hits = _hits(_attacks(), truth)

    # Whoever guesses the largest group each time is right that often.
    base = max(Counter(truth.values()).values()) / MANY
    most = MANY * base + 3 * math.sqrt(MANY * base * (1 - base))
    print(f"\n{MANY} signers, at most {most:.0f} by chance: {hits}; before the last run: {before}")
    assert sum(Cell.objects.values_list("confidential", flat=True)) + _waiting() == MANY
    assert all(count <= most for count in hits.values())
    assert all(abs(ties) < 0.5 for ties in _order_told(when).values())


def _hits(attacks: dict[str, dict[bytes, str]], truth: dict[bytes, str]) -> dict[str, int]:
    return {
        name: sum(truth[digest] == group for digest, group in said.items() if digest in truth)
        for name, said in attacks.items()
    }


def _waiting() -> int:
    return sum(Waiting.objects.values_list("count", flat=True))


def _order_told(when: dict[bytes, int]) -> dict[str, float]:
    """How much the order of tags says of who came first among those of one batch: 0 nothing, 1 or -1 everything."""
    found = {}
    for name, order in (("marks", "xmin::text::bigint, ctid"), ("places", "ctid"), ("keys", "id")):
        batches: dict[int, list[int]] = {}
        for digest, mark, _place, _id in _rows("tag", order):
            batches.setdefault(mark, []).append(when[bytes(digest)])
        pairs = [(a < b) for batch in batches.values() for i, a in enumerate(batch) for b in batch[i + 1 :]]
        found[name] = 2 * sum(pairs) / max(1, len(pairs)) - 1
    return found
