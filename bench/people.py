"""`python -m bench.people`: the list of people at 1,000 and at 1,000,000, in turns; fails above twice the time.

Names are put together from syllables, some given often and most seldom, as names are. `MANY=100000` for a quicker look;
`EXPLAIN=1` shows how PostgreSQL answers. Servers come from `config.quickstart with-servers`.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
FEW, MANY = 1_000, int(os.environ.get("MANY", "1000000"))
MOST, ROUNDS = 2.0, 40
_EMPLOYERS = 40
_SYLLABLES = (
    "a al an ar be ben bo bra ca cha co da de di do el en er fa fe fi ga ge go ha he hen ho i in is ja je jo ka ke ki "
    "la le li lo ma mar me mi mo na ne ni no o ol pa pe pi ra re ri ro sa se sha si so ta te ti to u va ve vi wa we ya"
).split()


def names() -> tuple[list[str], list[str]]:
    """Given and family names, each as often as it would come: the first of them most."""
    chance = random.Random(7)  # noqa: S311 - the same list in every run
    given = _invented(chance, kinds=3_000, syllables=(2, 3))
    family = _invented(chance, kinds=60_000, syllables=(2, 4))
    weights = [1 / (place + 20) for place in range(len(given))]
    return chance.choices(given, weights, k=20_000), family + chance.choices(family[:2_000], k=60_000)


def _invented(chance: random.Random, *, kinds: int, syllables: tuple[int, int]) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < kinds:
        found["".join(chance.choices(_SYLLABLES, k=chance.randint(*syllables))).capitalize()] = None
    return list(found)


def fill(slug: str, count: int, given: list[str], family: list[str]) -> Any:
    """An open letter with so many public signatures; answers it."""
    from datetime import UTC, datetime, timedelta

    from django.db import connection

    from campaign import organising
    from campaign.models import Campaign
    from letters import queries

    campaign = Campaign.objects.get(slug="robots")
    now = datetime.now(UTC) - timedelta(days=30)
    letter = organising.write_letter(campaign=campaign, title=slug, slug=slug, body="Words.\n\n" * 30, now=now)
    organising.open_letter(campaign_letter=letter, by=None, now=now)
    employers = queries.employers(campaign.directory_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM letters_version WHERE letter_id = %s", [letter.letter_id])
        [version] = cursor.fetchone()
        cursor.execute("SELECT setseed(0.5)")
        indexes = _drop_indexes(cursor)
        cursor.execute(
            """
            INSERT INTO letters_publicsignature
                (letter_id, version_id, name, role, role_group, employer_id, employer_name, level, state, signed_on)
            SELECT %s, %s, g.names[1 + floor(random() * %s)] || ' ' || f.names[1 + floor(random() * %s)], 'Engineer',
                'engineering', e.ids[e.at], e.names[e.at], 'work', 'shown', '2026-02-01'
            FROM (SELECT n, 1 + floor(power(random(), 3) * %s)::int AS at, %s::int[] AS ids, %s::text[] AS names
                  FROM generate_series(1, %s) AS n) AS e,
                (SELECT %s::text[] AS names) AS g, (SELECT %s::text[] AS names) AS f
            """,
            [letter.letter_id, version, len(given), len(family), len(employers), [one.id for one in employers],
             [one.name for one in employers], count, given, family],
        )  # fmt: skip
        cursor.execute(
            """
            INSERT INTO letters_cell (letter_id, version_id, employer_id, role_group, public, confidential)
            SELECT letter_id, version_id, employer_id, role_group, count(*), 0 FROM letters_publicsignature
            WHERE letter_id = %s GROUP BY 1, 2, 3, 4
            """,
            [letter.letter_id],
        )
        for index in indexes:
            cursor.execute(index)
        cursor.execute("VACUUM ANALYZE")
    return letter.letter_id


def _drop_indexes(cursor: Any) -> list[str]:
    """Take the list's indexes off, and answer how they are made again: row by row a million takes half an hour."""
    cursor.execute(
        """
        SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index AS one
        WHERE indrelid = 'letters_publicsignature'::regclass
        AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = one.indexrelid)
        """
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for _name, definition in found]


def rare(letter_id: Any) -> tuple[str, str]:
    """A whole name that one person has, and one that nobody has although its parts are common."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT min(name) FROM letters_publicsignature
            WHERE letter_id = %s AND state = 'shown' GROUP BY folded HAVING count(*) = 1 AND length(min(name)) > 12
            ORDER BY md5(folded) LIMIT 1
            """,
            [letter_id],
        )
        [one] = cursor.fetchone()
    return one, "Nobody Atallwhohasthis"


def questions(letter_id: Any) -> dict[str, Any]:
    """What is asked of each list."""
    from letters import people
    from letters.people import Order, Wanted

    one, nobody = rare(letter_id)
    ends = {}
    for order in Order:
        newest_first = order is Order.NEWEST
        rows = people._shown(letter_id).order_by(
            *(["id"] if newest_first else [f"-{key}" for key in people._KEYS[order]])
        )
        ends[order] = people._cursor(rows[40], people._KEYS[order])
    return {
        "first page": Wanted(),
        "last page": Wanted(after=ends[Order.NEWEST]),
        "last page by name": Wanted(order=Order.NAME, after=ends[Order.NAME]),
        "last page by employer": Wanted(order=Order.EMPLOYER, after=ends[Order.EMPLOYER]),
        "search: one person": Wanted(search=one),
        "search: her family name": Wanted(search=one.split()[-1]),
        "search: a part of it": Wanted(search=one.split()[-1][1:5]),
        "search: nobody": Wanted(search=nobody),
        "search: many": Wanted(search="marma"),
        "search: many, by name": Wanted(search="marma", order=Order.NAME),
        "search: two letters": Wanted(search="ma"),
        "search: two that nobody has": Wanted(search="xq"),
        "one employer": Wanted(employer_key="employer-1"),
        "one small employer": Wanted(employer_key="employer-40"),
        "search at an employer": Wanted(search=one, employer_key="employer-40"),
    }


def measure(letters: dict[str, Any]) -> dict[str, dict[str, tuple[float, float]]]:
    """For each question and list the usual time of the query alone and of the page as a reader gets it, in ms.

    The lists take turns, so that whatever else the machine does slows both.
    """
    from urllib.parse import urlencode

    from django.test import Client

    from letters import people

    client, found = Client(), {}
    asked = {slug: questions(letter_id) for slug, letter_id in letters.items()}
    for what in next(iter(asked.values())):
        ways: dict[tuple[str, int], Callable[[], Any]] = {}
        for slug, letter_id in letters.items():
            wanted = asked[slug][what]
            query = {"q": wanted.search, "employer": wanted.employer_key, "order": wanted.order, "after": wanted.after}
            address = f"/letters/{slug}/signatures/?{urlencode(query)}"
            ways[slug, 0] = partial(people.page, letter_id, wanted)
            ways[slug, 1] = partial(client.get, address)
            if os.environ.get("EXPLAIN"):
                explain(f"{slug}: {what}", ways[slug, 0])
            assert client.get(address).status_code == 200
        times: dict[tuple[str, int], list[float]] = {way: [] for way in ways}
        for _ in range(ROUNDS):
            for way, ask in ways.items():
                begun = time.perf_counter()
                ask()
                times[way].append((time.perf_counter() - begun) * 1000)
        usual = {way: statistics.median(all_of_it) for way, all_of_it in times.items()}
        found[what] = {slug: (usual[slug, 0], usual[slug, 1]) for slug in letters}
    return found


def explain(what: str, ask: Callable[[], object]) -> None:
    """How PostgreSQL answers it."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        ask()
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS) " + asked.captured_queries[-1]["sql"].replace("%", "%%"))
        print(f"\n{what}\n" + "\n".join(line for [line] in cursor.fetchall()))


def main() -> int:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from letters import employers
    from tests.cast import Cast

    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    cast = Cast.assemble()
    for number in range(1, _EMPLOYERS + 1):
        employers.add(directory_id=cast.campaign.directory_id, name=f"Employer {number}", domains=[])
    given, family = names()
    letters = {"few": fill("few", FEW, given, family), "many": fill("many", MANY, given, family)}
    print(f"{'':28} {'query, ms':>20} {'page, ms':>20}\n{'':28} {FEW:>9,} {MANY:>10,} {FEW:>9,} {MANY:>10,}  ratio")
    worst = 0.0
    for what, times in measure(letters).items():
        (query, page), (big_query, big_page) = times["few"], times["many"]
        ratio = big_page / page
        worst = max(worst, ratio)
        print(f"{what:28} {query:9.2f} {big_query:10.2f} {page:9.2f} {big_page:10.2f} {ratio:6.2f}")
    return worst > MOST


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
