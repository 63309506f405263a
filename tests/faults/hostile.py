"""A mail server as the net has them: it takes most mail, treats the rest badly, and blurts out addresses."""

import asyncio
import random
from collections import Counter, defaultdict
from email import message_from_bytes
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from config.quickstart.valkey import free_port

REFUSED = "refused"  # how the addresses begin that it refuses for good


class HostileServer:
    """Remembers what it took on, as Message-IDs for each recipient: that is what arrived, whatever it answered then."""

    def __init__(self, *, seed: int, temporary: float, slowness: float) -> None:
        self.arrived: dict[str, list[str]] = defaultdict(list)
        self.did: Counter[str] = Counter()
        self.silent_to: list[str] = []
        self._chance, self._temporary, self._slowness = random.Random(seed), temporary, slowness
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())
        self.port: int = self._controller.port

    def start(self) -> None:
        """Listen, on this machine only."""
        self._controller.start()

    def stop(self) -> None:
        """No longer listen."""
        self._controller.stop()

    @property
    def taken(self) -> int:
        """How many mails it has taken on, repeats included."""
        return sum(len(ids) for ids in list(self.arrived.values()))

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        """550 for good by recipient, 451 by chance; both tell the address to whoever logs answers."""
        if address.startswith(REFUSED):
            self.did["550"] += 1
            return f"550 5.1.1 <{address}> is nobody here"
        if self._happens(self._temporary * 3 / 4):
            self.did["451"] += 1
            return f"451 4.7.1 <{address}> is greylisted"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """452 by chance; otherwise it has arrived, which the sender may learn late or never."""
        if self._happens(self._temporary / 4):
            self.did["452"] += 1
            return f"452 4.3.1 no room for <{envelope.rcpt_tos[0]}>"
        content: Any = envelope.content
        self.arrived[envelope.rcpt_tos[0]].append(str(message_from_bytes(content)["Message-ID"]))
        if self._happens(0.005):
            self.did["silence"] += 1
            self.silent_to.append(envelope.rcpt_tos[0])
            assert server.transport is not None
            server.transport.abort()
        elif self._happens(0.03):
            self.did["slow"] += 1
            await asyncio.sleep(self._chance.uniform(0.5, 2))
        else:
            await asyncio.sleep(self._chance.uniform(0, self._slowness))
        return "250 2.0.0 taken"

    def _happens(self, share: float) -> bool:
        return self._chance.random() < share
