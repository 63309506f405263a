"""No public number below the threshold, no step smaller than it, whoever signs in whatever order."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letters import pooling
from letters.models import THRESHOLD, Cell, Tag, Waiting
from letters.pooling import Group, plan
from tests.cast import sign

GROUPS = st.builds(
    Group,
    version_id=st.sampled_from(["v1", "v2"]),
    employer_id=st.sampled_from([None, 1, 2, 3]),
    role_group=st.sampled_from(["", "engineering", "design"]),
)
EVENTS = st.lists(st.one_of(GROUPS, st.sampled_from(["run", "day"])), max_size=150)


def _views(cells: Counter[Group]) -> dict[str, int]:
    """Every sum that a page, an export or a clever reader can form of the shown cells."""
    views: Counter[str] = Counter()
    for group, count in cells.items():
        views["total"] += count
        views[f"version {group.version_id}"] += count
        views[f"employer {group.employer_id}"] += count
        views[f"role {group.role_group}"] += count
        views[f"employer {group.employer_id} role {group.role_group}"] += count
        views[f"cell {group}"] += count
    return views


@settings(max_examples=300, deadline=None)
@given(EVENTS)
def test_no_history_ever_shows_a_small_group_or_a_small_step(events):
    waiting: Counter[Group] = Counter()
    shown: Counter[Group] = Counter()
    signed = 0
    for event in [*events, "day"]:
        if isinstance(event, Group):
            waiting[event] += 1
            signed += 1
            continue
        before = _views(shown)
        for batch in plan(dict(waiting), rest=event == "day"):
            shown[batch.shown_as] += batch.count
            for group in batch.taken:
                del waiting[group]
        for view, count in _views(shown).items():
            step = count - before.get(view, 0)
            assert count >= THRESHOLD, view
            assert step == 0 or step >= THRESHOLD, view
        assert sum(shown.values()) + sum(waiting.values()) == signed


def test_an_employer_that_was_not_proved_is_never_named():
    batches = plan({Group("v1", None, "design"): 30}, rest=True)

    assert [(batch.shown_as, batch.count) for batch in batches] == [(Group("v1", None, ""), 30)]


def test_small_groups_of_one_employer_are_shown_together_without_their_roles():
    batches = plan({Group("v1", 1, "design"): 6, Group("v1", 1, "research"): 5}, rest=False)

    assert [(batch.shown_as, batch.count) for batch in batches] == [(Group("v1", 1, ""), 11)]


@pytest.mark.django_db(transaction=True)
def test_a_batch_leaves_no_hidden_row_version_that_joins_a_tag_with_a_count(cast, mailbox):
    from django.db import connection

    for number in range(12):
        role = "designer" if number % 2 else "engineer"
        sign(mailbox, address=f"ana{number}@{'acme' if number < 7 else 'beta'}.example", role=role)
    order = list(Tag.objects.order_by("pk").values_list("digest", flat=True))

    pooling.publish(letter_id=cast.letter.id, today=date(2026, 2, 2))

    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT xmin::text FROM letters_tag")
        tags = cursor.fetchall()
        cursor.execute("SELECT DISTINCT xmin::text FROM letters_waiting")
        counts = cursor.fetchall()
    assert len(tags) == len(counts) == 1
    assert len(order) == 7 * 2 + 5, "people at Acme are known under both of its domains"
    assert not Tag.objects.filter(fresh=True).exists()
    assert {bytes(d) for d in order} == {bytes(d) for d in Tag.objects.values_list("digest", flat=True)}
    assert (
        sum(Waiting.objects.values_list("count", flat=True)) + sum(Cell.objects.values_list("confidential", flat=True))
        == 12
    )
