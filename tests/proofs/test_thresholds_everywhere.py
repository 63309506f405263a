"""P5: random histories through the real tables, looked at through every page that shows a number, after each event.

A confidential number is nothing, or ten and more; and it moves by nothing, or by ten and more.
"""

import os
import re
from collections import Counter
from datetime import timedelta
from html.parser import HTMLParser
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from letters import counting, pooling, queries, removing
from letters.models import THRESHOLD, Letter
from letters.settling import Group
from tests.cast import NOW, Cast, browser_of

pytestmark = pytest.mark.django_db
HISTORIES = int(os.environ.get("PROOF_HISTORIES", "4"))
PAGES_EVERY = int(os.environ.get("PROOF_PAGES_EVERY", "5"))  # the others are read where the pages read them
EMPLOYER = st.sampled_from(["acme", "beta", None])
MANY = st.sampled_from([11, 1, 5, 9, 10, 15, 26])
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("sign"), EMPLOYER, MANY),
        st.tuples(st.just("sign for fifty"), EMPLOYER, MANY),
        st.tuples(st.just("name"), EMPLOYER, st.just(1)),
        st.tuples(st.just("leave"), EMPLOYER, MANY),
        st.tuples(st.just("lower"), st.sampled_from(["acme", "beta"]), MANY),
        st.tuples(st.sampled_from(["run", "run", "day"]), st.none(), st.just(0)),
    ),
    min_size=5,
    max_size=12,
)
# In which everything happens that can: it is always looked at on the pages.
EVENTFUL = [
    ("sign", "acme", 26), ("run", None, 0), ("sign for fifty", "beta", 15), ("name", "acme", 1), ("leave", "acme", 10),
    ("run", None, 0), ("lower", "acme", 26), ("sign", None, 26), ("day", None, 0), ("run", None, 0),
]  # fmt: skip
_MOVE_NOTHING = {"sign", "sign for fifty", "leave"}
GROUPS = ("", "engineering")


class _Text(HTMLParser):
    """What stands in a page's main part, a cell or a list item a line, with numbers as they are read."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = [""]
        self._quiet = 0

    def handle_starttag(self, tag, attrs):
        self._quiet += tag in {"script", "style", "svg", "meter", "nav", "time"}
        if tag in {"tr", "li", "p", "h1", "h2", "dd", "dt"}:
            self.lines.append("")

    def handle_endtag(self, tag):
        self._quiet -= tag in {"script", "style", "svg", "meter", "nav", "time"}
        self.lines[-1] += " " * (tag in {"td", "th", "span", "bdi", "a"})

    def handle_data(self, data):
        if not self._quiet:
            self.lines[-1] += data


def _lines(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    parser = _Text()
    parser.feed(answer.content.decode().partition("<main")[2].partition("</main>")[0])
    return [line for line in (re.sub(r"\s+", " ", line).strip() for line in parser.lines) if line]


_N = r"([\d,]+)"
_SIGNED = rf"{_N} (?:person has|people have) signed"
_AT = rf"(Acme|Beta)\b.*?{_N} (?:verified )?(?:person|people|colleague)"
_LETTER, _LIST = "/letters/robots/", "/letters/robots/signatures/"
_TEAM = ("/organise/campaigns/robots/", "/organise/campaigns/robots/letters/robots/")
# Where a line stands, what it says, and whom of those named by their names it counts too.
LINES = [
    (_LETTER, "total", _SIGNED, "all"),
    (_LETTER, "confidential", rf"[\d,]+ by name, {_N} confidentially", "nobody"),
    (_LETTER, "at", rf"^(Acme|Beta) {_N}$", "hers"),
    (_LETTER, "batch", rf"^\d+ \w{{3}} [\d,]+ {_N}(?: [−+\d, ]+)? [\d,]+$", "nobody"),
    (_LETTER, "end of day", rf"^\d+ \w{{3}} [\d,]+ [\d,]+(?: [−+\d, ]+)? {_N}$", "all"),
    (_LETTER, "gone", rf"number went down by {_N}", "nobody"),
    (_LETTER, "removed", rf"organisers removed {_N}", "nobody"),
    (_LIST, "total", rf"^{_N} in all", "all"),
    (_LIST, "confidential", rf"by name, and {_N} confidentially", "nobody"),
    (_LIST, "off", rf"^{_N} off a confidential number", "nobody"),
    *((page, "total", _SIGNED, "all") for page in ("/", "/campaigns/robots/", *_TEAM)),
    *((page, "at", _AT, "hers") for page in ("/campaigns/robots/", *_TEAM)),
]
_EACH = {"batch", "off"}  # one line for each day or act: each is looked at by itself


def _read(_cast: Cast, letter: Letter, named: Counter[str]) -> dict[str, int]:
    """Every confidential number that letters answers to whoever shows one."""
    numbers = queries.numbers(letter.pk)
    growth = queries.growth(letter.pk)
    assert all(day.confidential == 0 or day.confidential >= THRESHOLD for day in growth)
    assert all(day.fallen == 0 or day.fallen >= THRESHOLD for day in growth)
    found = {f"at {count.name}": count.total - named[count.name.lower()] for count in numbers.employers}
    return found | {
        "total": numbers.total - named.total(),
        "confidential": numbers.confidential,
        "end of day": growth[-1].total - named.total(),
        "all letters total": queries.totals([letter.pk])[letter.pk] - named.total(),
        "gone": growth[-1].fallen_so_far,
        "removed": growth[-1].removed_so_far,
    }


def _looks(cast: Cast, _letter: Letter, named: Counter[str]) -> dict[str, int]:
    """Every confidential number that can be read or worked out on a page, by where it stands."""
    stranger, vera = Client(), browser_of(cast.vera)
    lines = {page: _lines(vera if page in _TEAM else stranger, page) for page, *_rest in LINES}
    found: dict[str, int] = {}
    for page, name, pattern, counts_too in LINES:
        for match in filter(None, (re.search(pattern, line) for line in lines[page])):
            *employer, number = match.groups()
            too = {"all": named.total(), "hers": named["".join(employer).lower()], "nobody": 0}[counts_too]
            read = int(number.replace(",", "")) - too
            if name in _EACH:
                assert read == 0 or read >= THRESHOLD, (page, match[0])
            else:
                found[" ".join([page, name, *employer])] = read
    return found


def _export() -> str:
    out = StringIO()
    call_command("export_campaign", "robots", stdout=out)
    return out.getvalue()


def _happen(cast: Cast, letter: Letter, event: tuple, day: int, named: Counter[str]) -> None:
    what, where, many = event
    employer = {"acme": cast.acme, "beta": cast.beta}.get(where)
    today = NOW.date() + timedelta(days=day)
    if what == "run" or what == "day":
        pooling.publish(letter_id=letter.pk, today=today, rest=what == "day")
    elif what == "lower":
        could = removing.could_lower(letter_id=letter.pk, employer_id=employer, most=many)
        if could[1]:
            removal_id = removing.plan_lowering(
                letter_id=letter.pk, employer_id=employer, number=many, reason="x", seen=could, today=today
            )
            removing.begin(removal_id=removal_id, today=today)
    elif what == "name":
        counting.count_public(
            letter_id=letter.pk, version_id=letter.current_id, employer_id=employer, role_group="", today=today
        )
        named[where or ""] += 1
    for number in range(many):
        group = Group(letter.current_id, employer, GROUPS[number % 2] if employer else "")
        if what == "sign":
            counting.wait(letter_id=letter.pk, group=group)
        elif what == "sign for fifty":
            counting.promise(letter_id=letter.pk, group=group, scope="letter", number=50)
        elif what == "leave":
            counting.let_go(letter_id=letter.pk, employer_id=employer, edition=1)


def test_no_page_shows_a_small_group_or_a_small_step_in_any_history(cast):
    letter, seen, most = Letter.objects.get(pk=cast.letter.id), Counter(), Counter()
    file, walked = _export(), 0

    @settings(max_examples=HISTORIES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(EVENTS)
    @example(EVENTFUL)
    def walk(events):
        nonlocal walked
        look = _looks if walked % PAGES_EVERY == 0 else _read
        walked += 1
        with transaction.atomic():
            named: Counter[str] = Counter()
            # A day before anything confidential, so that the table of days is there from the start.
            _happen(cast, letter, ("name", None, 1), 0, named)
            before = look(cast, letter, named)
            for day, event in enumerate(events, 1):
                _happen(cast, letter, event, day, named)
                if look is _looks and event[0] in _MOVE_NOTHING:
                    continue  # these are seen to move nothing in the histories that are read where pages read
                now = look(cast, letter, named)
                for where in {*before, *now}:
                    number, step = now.get(where, 0), now.get(where, 0) - before.get(where, 0)
                    assert number == 0 or number >= THRESHOLD, (where, before, now, event)
                    assert step == 0 or abs(step) >= THRESHOLD, (where, before, now, event)
                    most[where] = max(most[where], number)
                totals = {number for where, number in now.items() if re.search("total|confidential|end of day", where)}
                assert totals == {queries.numbers(letter.pk).confidential}, now
                seen.update(now.keys())
                before = now
            transaction.set_rollback(True)

    walk()

    print(f"\n{walked} histories, {seen.total():,} numbers read in {len(seen)} places: {dict(most)}")
    assert _export() == file, "the file that is exported holds no number of signatures"
