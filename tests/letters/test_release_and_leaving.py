"""Who signs, waits for others, leaves: no small number, no small step, and in the end the truth."""

from collections import Counter
from copy import deepcopy

from hypothesis import given, settings
from hypothesis import strategies as st

from letters.models import THRESHOLD
from letters.settling import Group, Pool, Promise, turn

GROUPS = st.builds(
    Group,
    version_id=st.sampled_from(["v1", "v2"]),
    employer_id=st.sampled_from([None, 1, 2]),
    role_group=st.sampled_from(["", "engineering"]),
)
MANY = st.sampled_from([1, 1, 2, 5, 9, 10, 11, 15])
PROMISES = st.builds(Promise, group=GROUPS, at_employer=st.booleans(), number=st.sampled_from([10, 20, 40])).filter(
    lambda one: one.group.employer_id is not None or not one.at_employer
)
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("sign"), GROUPS, MANY),
        st.tuples(st.just("wait for others"), PROMISES, MANY),
        # Employer 3 is one that nobody signed at: her domain has another employer by now.
        st.tuples(st.just("leave"), st.sampled_from([None, 1, 2, 3]), MANY),
        st.tuples(st.sampled_from(["run", "run", "day"]), st.none(), st.none()),
    ),
    max_size=60,
)


def _views(shown: Counter[Group]) -> Counter[str]:
    """Every sum that a page, an export or a clever reader can form of the shown cells."""
    views: Counter[str] = Counter()
    for group, count in shown.items():
        for name in (
            "total",
            f"version {group.version_id}",
            f"employer {group.employer_id}",
            f"role {group.role_group}",
            f"{group.version_id} {group.employer_id}",
            f"{group.employer_id} {group.role_group}",
            f"cell {group}",
        ):
            views[name] += count
    return views


def _turn(pool: Pool, people: int, *, rest: bool = False, last: bool = False) -> None:
    before = deepcopy(pool)

    turn(pool, rest=rest, last=last)

    old, new = _views(before.shown), _views(pool.shown)
    steps = {new[view] - old[view] for view in {*old, *new}} - {0}
    assert all(count == 0 or count >= THRESHOLD for count in new.values())
    assert all(abs(step) >= THRESHOLD for step in steps)
    assert len({step > 0 for step in steps}) <= 1, "nothing comes while something goes"
    assert all(count > 0 for kept in (pool.waiting, pool.pledged, pool.leaving) for count in kept.values())
    if last:
        dropped = before.pledged.total() + (THRESHOLD - 1) * 2
        assert people - dropped <= pool.shown.total() <= people + THRESHOLD - 1
    else:
        assert _people(pool) == people
    if not before.leaving.total():
        for promise in before.pledged - pool.pledged:
            views = _views(pool.shown)
            at = f"employer {promise.group.employer_id}" if promise.at_employer else "total"
            assert last or views[at] + _named(pool, promise) >= promise.number, promise


def _named(pool: Pool, promise: Promise) -> int:
    return pool.named[promise.group.employer_id] if promise.at_employer else pool.named.total()


def _people(pool: Pool) -> int:
    return pool.shown.total() + pool.waiting.total() + pool.pledged.total() - pool.leaving.total()


@settings(max_examples=80, deadline=None)
@given(EVENTS, st.integers(0, 15))
def test_no_history_shows_a_small_group_or_a_small_step_or_an_untruth(events, named):
    pool, people = Pool(named=Counter({1: named})), 0
    for what, whom, many in events:
        if what == "sign":
            pool.waiting[whom] += many
            people += many
        elif what == "wait for others":
            pool.pledged[whom] += many
            people += many
        elif what == "leave":
            many = min(many, people)
            pool.leaving[whom] += many
            people -= many
        else:
            _turn(pool, people, rest=what == "day")
    for _ in range(3):
        _turn(pool, people, rest=True)
    _turn(pool, people, last=True)

    assert not (pool.waiting or pool.pledged or pool.leaving)


def _group(employer_id: int | None = 1, role_group: str = "") -> Group:
    return Group("v1", employer_id, role_group)


def test_who_leaves_is_taken_from_those_who_wait_at_her_employer():
    pool = Pool(waiting=Counter({_group(1, "design"): 12, _group(2): 12}), leaving=Counter({1: 3}))

    turn(pool, rest=False, last=False)

    assert pool.shown == {_group(2): 12}
    assert pool.waiting == {_group(1, "design"): 9}


def test_nine_who_leave_move_nothing_and_the_tenth_moves_ten():
    pool = Pool(shown=Counter({_group(): 40}), leaving=Counter({1: 9}))
    turn(pool, rest=True, last=False)
    with_nine = pool.shown[_group()]
    pool.leaving[1] += 1

    turn(pool, rest=True, last=False)

    assert (with_nine, pool.shown[_group()]) == (40, 30)


def test_a_group_that_would_become_small_is_shown_no_more_and_waits_again():
    pool = Pool(shown=Counter({_group(): 15}), leaving=Counter({1: 12}))

    turn(pool, rest=False, last=False)

    assert +pool.shown == {}
    assert pool.waiting == {_group(): 3}


def test_sixty_who_wait_for_fifty_release_each_other_and_forty_nine_do_not():
    sixty, fewer = (
        Pool(pledged=Counter({Promise(_group(1), False, 50): 30, Promise(_group(2), False, 50): many}))
        for many in (30, 19)
    )

    turn(sixty, rest=False, last=False)
    turn(fewer, rest=True, last=False)

    assert sixty.shown == {_group(1): 30, _group(2): 30}
    assert fewer.shown == {}
    assert fewer.pledged.total() == 49


def test_those_who_wait_for_their_company_are_not_released_by_others():
    pool = Pool(
        waiting=Counter({_group(2): 90}),
        pledged=Counter({Promise(_group(1), True, 20): 15, Promise(_group(2), True, 100): 10}),
        named=Counter({1: 4}),
    )
    turn(pool, rest=False, last=False)
    first = pool.shown.copy()
    pool.named[1] += 1

    turn(pool, rest=False, last=False)

    assert first == {_group(2): 100}
    assert pool.shown == {_group(2): 100, _group(1): 15}


def test_nobody_is_released_into_a_number_that_the_page_would_not_show_yet():
    pool = Pool(pledged=Counter({Promise(_group(employer), False, 50): 5 for employer in range(1, 12)}))

    turn(pool, rest=False, last=False)
    by_day = pool.shown.total()
    turn(pool, rest=True, last=False)

    assert by_day == 0
    assert pool.shown == {_group(None): 55}
