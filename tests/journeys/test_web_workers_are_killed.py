"""People sign while web workers are killed: whoever was answered has signed, once (docs/proofs.md)."""

import pytest

from config.quickstart import leftovers
from tests.faults import siege
from tests.journeys.campaigns import Letter


@pytest.mark.skipif(not leftovers.can_look(), reason="processes are looked for in /proc")
def test_every_answered_signature_is_kept_once_while_web_workers_are_killed(letter: Letter):
    outcome = siege.lay(letter, siege.SMALL)

    assert outcome.broken() == [], outcome.table()
    assert outcome.kills == siege.SMALL.kills
