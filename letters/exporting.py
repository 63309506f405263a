"""A letter's public names and shown numbers, for the team to take along: what everybody can read, and nothing else."""

import csv
import json
import uuid
from collections.abc import Iterator
from typing import Any

from letters import organisations, people, queries

_COLUMNS = ("name", "role", "employer", "former", "proof", "signed_on", "version", "reason", "quotable")
_OF_ORGANISATIONS = ("name", "website", "representative", "role", "proof", "since", "version")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def as_csv(letter_id: uuid.UUID) -> Iterator[str]:
    """Names as RFC 4180 has it, a line at a time; no cell is a formula to any program."""
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    yield "\ufeff" + writer.writerow(_COLUMNS)
    for signer in people.everybody(letter_id):
        yield writer.writerow([harmless(str(value)) for value in _row(signer).values()])


def organisations_as_csv(letter_id: uuid.UUID) -> Iterator[str]:
    """Organisations as RFC 4180 has it, in a file of their own: no row of people stands beside them."""
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    yield "\ufeff" + writer.writerow(_OF_ORGANISATIONS)
    for one in organisations.everyone(letter_id):
        yield writer.writerow([harmless(str(value)) for value in _organisation(one).values()])


def as_json(letter: queries.LetterFacts) -> Iterator[str]:
    """Names and totals as one JSON object, a line at a time."""
    head = json.dumps(_totals(letter), ensure_ascii=False, indent=1)
    yield head.removesuffix("\n}") + ',\n "signatures": ['
    separator = "\n"
    for signer in people.everybody(letter.id):
        yield separator + "  " + json.dumps(_row(signer), ensure_ascii=False)
        separator = ",\n"
    yield '\n ],\n "organisations": ['
    separator = "\n"
    for one in organisations.everyone(letter.id):
        yield separator + "  " + json.dumps(_organisation(one), ensure_ascii=False)
        separator = ",\n"
    yield "\n ]\n}\n"


def harmless(cell: str) -> str:
    """The text with a mark before it where a spreadsheet would take it for a formula."""
    return f"'{cell}" if cell.lstrip(" \u00a0\ufeff").startswith(_FORMULA) or cell.startswith(_FORMULA) else cell


def _row(signer: people.Listed) -> dict[str, Any]:
    return {
        "name": signer.name,
        "role": signer.role,
        "employer": signer.employer,
        "former": signer.former,
        "proof": signer.level,
        "signed_on": signer.signed_on.isoformat(),
        "version": signer.version,
        "reason": signer.reason,
        "quotable": signer.quotable,
    }


def _organisation(one: organisations.Listed) -> dict[str, Any]:
    return {
        "name": one.name,
        "website": one.domain,
        "representative": one.representative,
        "role": one.role,
        "proof": one.proof,
        "since": one.since.isoformat(),
        "version": one.version,
    }


def _totals(letter: queries.LetterFacts) -> dict[str, Any]:
    numbers = queries.numbers(letter.id)
    return {
        "letter": letter.slug,
        "title": letter.title,
        "state": letter.state,
        "version": letter.version_number,
        "sha256": letter.sha256,
        "totals": {"public": numbers.public, "confidential": numbers.confidential, "all": numbers.total},
        "editions": [
            {"first_version": edition, "public": one.public, "confidential": one.confidential}
            for edition, one in sorted(queries.editions(letter.id).items())
        ],
        "employers": [
            {"name": one.name, "public": one.public, "confidential": one.confidential} for one in numbers.employers
        ],
    }


class _Echo:
    """What csv writes to: it hands the line back."""

    def write(self, line: str) -> str:
        return line
