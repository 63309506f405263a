"""What tests about accounts and the outbox may use."""

import pytest

from accounts import relay as relay_module
from tests.accounts.owing import Relay


@pytest.fixture
def relay(monkeypatch):
    """Install a mail server that answers as told. What failed waits as long as chance may make it, never a moment."""
    monkeypatch.setattr("accounts.sending.random.uniform", lambda _least, most: most)

    def install(*answers: object) -> Relay:
        one = Relay(*answers)
        monkeypatch.setattr(relay_module, "hand_over", one)
        return one

    return install
