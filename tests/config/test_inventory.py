"""The inventory names every column there is, and no other: what is kept of whom is never a surprise."""

import re
from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

PAGE = Path(settings.BASE_DIR) / "docs" / "inventory.md"
_NAME = re.compile(r"`([^`]+)`")


def written() -> Counter[tuple[str, str]]:
    """Every table and column of the page, and how often it stands there."""
    found: Counter[tuple[str, str]] = Counter()
    for line in PAGE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) == 5:
            [table] = _NAME.findall(cells[0])
            assert all(cells[2:]), f"say what for, how long and who: {line}"
            found.update((table, column) for column in _NAME.findall(cells[1]))
    return found


def live() -> set[tuple[str, str]]:
    """Every table and column of the models that are installed."""
    models = apps.get_models(include_auto_created=True)
    return {(model._meta.label, field.name) for model in models for field in model._meta.concrete_fields}


def test_every_column_has_a_line_and_every_line_a_column():
    assert live() - set(written()) == set(), (
        "a new column: say in docs/inventory.md what for, how long, and who sees it"
    )
    assert set(written()) - live() == set(), "there is no such column any more"


def test_no_column_has_two_lines():
    assert [name for name, count in written().items() if count > 1] == []


@pytest.mark.parametrize(
    "model", ["Tag", "PublicSignature", "Cell", "Waiting", "Pledge", "Leaving", "Day", "Subscription", "Organisation"]
)
def test_nothing_about_signing_has_a_time_of_day_an_address_or_a_trace_of_a_device(model):
    for field in apps.get_model("letters", model)._meta.concrete_fields:
        # When a follower is told next says nothing about when she came.
        if field.name != "next_at":
            assert field.get_internal_type() not in {
                "DateTimeField",
                "TimeField",
                "GenericIPAddressField",
                "EmailField",
            }
        assert not re.search(r"(^|_)(ip|agent|address|email|mail)($|_)", field.name), field
