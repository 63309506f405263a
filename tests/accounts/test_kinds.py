"""Each sort of mail has a policy that is written down; this is the table of docs/mail.md."""

from datetime import timedelta
from pathlib import Path

import pytest

from accounts import kinds

TABLE = [
    # name, queue, at most once, life, sealed under, kept from who bounced or complained
    ("code", "codes", False, timedelta(minutes=15), "brief", False),
    ("account", "mail", False, timedelta(days=1), "lasting", False),
    ("invitation", "mail", False, timedelta(days=7), "lasting", True),
    ("reminder", "mail", True, timedelta(days=2), "lasting", True),
    ("outreach", "mail", True, timedelta(days=2), "lasting", True),
    ("unfinished", "mail", True, timedelta(days=2), "days", True),
    ("news", "bulk", True, timedelta(days=3), "lasting", True),
]


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_a_kind_keeps_its_policy(row):
    kind = kinds.KINDS[row[0]]

    policy = (kind.queue, kind.at_most_once, kind.life, kind.sealed_under, kind.honours_suppression)
    assert (kind.name, *policy) == row


def test_no_kind_is_without_a_policy():
    assert set(kinds.KINDS) == {row[0] for row in TABLE}


def test_the_table_of_the_documentation_says_the_same():
    text = (Path(__file__).parents[2] / "docs" / "mail.md").read_text()
    rows = [
        [cell.strip() for cell in line.strip("| ").split("|")] for line in text.splitlines() if line.count("|") == 7
    ]
    told = {cells[0].split()[0]: (cells[1], "uncertain" in cells[2], cells[3], cells[5]) for cells in rows[2:]}

    assert told == {
        kind.name: (kind.queue, kind.at_most_once, in_words(kind.life), "yes" if kind.honours_suppression else "no")
        for kind in kinds.KINDS.values()
    }


def in_words(life: timedelta) -> str:
    if life < timedelta(days=1):
        return f"{life.seconds // 60} minutes"
    return "a day" if life.days == 1 else f"{life.days} days"
