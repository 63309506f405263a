"""What became of every mail, and which promises that breaks."""

from dataclasses import dataclass
from functools import cached_property

from tests.faults.writing import Mail


@dataclass(frozen=True)
class Row:
    """One row of the outbox, in the end."""

    id: str
    key: str
    state: str
    failure: str
    attempts: int


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Rows against what arrived at the mail server."""

    mails: list[Mail]
    rows: dict[str, Row]
    arrived: dict[str, list[str]]  # Message-IDs by recipient
    silent_to: list[str]
    answers: dict[str, int]
    faults: dict[str, int]
    senders: int  # processes that can each be cut off in the middle of one mail
    deaths: dict[str, int]  # that no fault ordered
    seconds_after: float
    sightings: int
    heard: int
    patience: float
    most_repeats: float

    @cached_property
    def at_least_once(self) -> list[Mail]:
        return [mail for mail in self.mails if not mail.at_most_once]

    @cached_property
    def at_most_once(self) -> list[Mail]:
        return [mail for mail in self.mails if mail.at_most_once]

    @property
    def kills(self) -> int:
        return self.faults["worker"] + self.faults["process"]

    def times(self, mail: Mail) -> int:
        """How often it arrived."""
        return len(self.arrived.get(mail.recipient, []))

    def state(self, mail: Mail) -> str:
        """Its row's state, or that there is none."""
        return self.rows[mail.key].state if mail.key in self.rows else "no row"

    @property
    def repeats(self) -> int:
        """Arrivals beyond the first, of mail that may be repeated."""
        return sum(max(0, self.times(mail) - 1) for mail in self.at_least_once)

    @property
    def lost(self) -> list[str]:
        """At least once: what ought to have arrived and did not."""
        return [mail.key for mail in self.at_least_once if not mail.refused and self.times(mail) == 0]

    @property
    def vanished(self) -> list[str]:
        """At most once: what did not arrive and is not listed either."""
        listed = {"uncertain", "dead"}
        return [mail.key for mail in self.at_most_once if self.times(mail) == 0 and self.state(mail) not in listed]

    @property
    def doubles(self) -> list[str]:
        """At most once: what arrived twice."""
        return [mail.key for mail in self.at_most_once if self.times(mail) > 1]

    @property
    def uncertain(self) -> list[Mail]:
        """What is listed for a person to decide."""
        return [mail for mail in self.mails if self.state(mail) == "uncertain"]

    @property
    def dead(self) -> list[Mail]:
        """What was given up."""
        return [mail for mail in self.mails if self.state(mail) == "dead"]

    @property
    def most_uncertain(self) -> int:
        """What the faults explain: each cuts off one mail for each sender that it reaches."""
        silent = {mail.recipient for mail in self.at_most_once} & set(self.silent_to)
        return 2 * (self.kills + self.faults["late"]) + self.senders * self.faults["postgres"] + len(silent)

    def broken(self) -> list[str]:
        """The promises that were not kept, none if all were."""
        wrong_ids = [
            mail.key
            for mail in self.mails
            if any(f"<{self.rows[mail.key].id}@" not in one for one in self.arrived.get(mail.recipient, []))
        ]
        known = {mail.recipient for mail in self.mails}
        unfinished = [mail.key for mail in self.mails if self.state(mail) not in {"sent", "dead", "uncertain"}]
        refused = {mail.key for mail in self.mails if mail.refused}
        dead = {mail.key for mail in self.dead}
        missing = refused - dead - {mail.key for mail in self.uncertain}
        unsent = [mail.key for mail in self.mails if self.state(mail) == "sent" and self.times(mail) == 0]
        found = {
            "lost": self.lost,
            "arrived twice at most once": self.doubles,
            "at most once, neither arrived nor listed": self.vanished,
            "marked sent and never arrived": unsent,
            "not in a final state": unfinished,
            "dead without having been refused": sorted(dead - refused),
            "refused and not dead": sorted(missing),
            "another Message-ID than the row's": wrong_ids,
            "sent though nothing owed it": sorted(set(self.arrived) - known),
            "rows whose cause was undone": sorted(set(self.rows) - {mail.key for mail in self.mails}),
        }
        broken = [f"{what}: {len(keys)} ({', '.join(keys[:5])})" for what, keys in found.items() if keys]
        if self.seconds_after > self.patience:
            broken.append(f"final only {self.seconds_after:.0f} s after the last fault")
        if self.repeats > self.most_repeats * len(self.at_least_once):
            broken.append(f"{self.repeats} repeats of {len(self.at_least_once)} mails")
        if len(self.uncertain) > self.most_uncertain:
            broken.append(f"{len(self.uncertain)} uncertain, where the faults explain {self.most_uncertain}")
        if self.sightings:
            broken.append(f"addresses seen {self.sightings} times in Valkey or a log")
        if not self.heard:
            broken.append("nothing of Valkey was heard, so nothing is known about addresses in it")
        return broken

    def table(self) -> str:
        """For a person."""
        arrived = sum(1 for mail in self.uncertain if self.times(mail))
        attempts = max((row.attempts for row in self.rows.values()), default=0)
        lines = [
            ("mails", f"{len(self.at_least_once)} at least once, {len(self.at_most_once)} at most once"),
            ("of these bulk", f"{sum(mail.kind == 'news' for mail in self.mails)}"),
            ("kill -9 of workers", f"{self.kills} ({self.faults['process']} of one process)"),
            ("workers asked to end", f"{self.faults['restart']}, {self.faults['late']} killed when patience was over"),
            ("kill -9 of Valkey", f"{self.faults['valkey']}"),
            ("immediate restarts of PostgreSQL", f"{self.faults['postgres']}"),
            ("the mail server", ", ".join(f"{many} × {what}" for what, many in sorted(self.answers.items()))),
            ("died by themselves", ", ".join(f"{many} × {name}" for name, many in self.deaths.items()) or "none"),
            ("lost", f"{len(self.lost)}"),
            ("repeats (at least once)", f"{self.repeats} ({100 * self.repeats / len(self.at_least_once):.1f} %)"),
            ("doubles (at most once)", f"{len(self.doubles)}"),
            ("uncertain (at most once)", f"{len(self.uncertain)}, {arrived} of them had arrived"),
            ("vanished (at most once)", f"{len(self.vanished)}"),
            ("dead / refused for good", f"{len(self.dead)} / {sum(mail.refused for mail in self.mails)}"),
            ("most attempts of one mail", f"{attempts}"),
            ("all final after the last fault", f"{self.seconds_after:.0f} s"),
            ("addresses in Valkey or logs", f"{self.sightings} (of {self.heard / 1e6:.1f} MB that Valkey was told)"),
        ]
        return "\n".join(f"| {what:<32} | {figure} |" for what, figure in lines)
