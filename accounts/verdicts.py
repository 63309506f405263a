"""What is decided about a failure to send."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`failure` names the class and never holds an address. `relay`: not this mail failed but who carries it on."""

    failure: str
    permanent: bool = False
    may_have_arrived: bool = False
    relay: bool = False
