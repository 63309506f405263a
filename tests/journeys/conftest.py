"""Journeys go over the wire: nothing in this folder touches a row, a setting or a clock of the product."""

import pytest

from tests.journeys.campaigns import Letter, open_letter
from tests.journeys.site import Site


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of this folder can be chosen, or left out, by a mark."""
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)


@pytest.fixture
def letter(site: Site) -> Letter:
    """A letter that Carla has just opened."""
    return open_letter(site)
