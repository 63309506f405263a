"""The letter, its versions, and what is left of an act of signing. Imported by `letters` alone.

No table here holds an address. A confidential signature is no row at all: it is one more in a count that
waits (`Waiting`) and later moves, with at least nine others, into a count that is shown (`Cell`).
"""

from letters.models.counts import Cell, Day, Leaving, Pledge, Waiting
from letters.models.elsewhere import Elsewhere, ElsewhereName
from letters.models.employers import Directory, Employer, EmployerDomain
from letters.models.following import Frequency, Subscription
from letters.models.groups import THRESHOLD, RoleGroup
from letters.models.organisations import Organisation
from letters.models.removal import Removal
from letters.models.review import Case, HeldName
from letters.models.signatures import Pin, ProofLevel, PublicSignature, Tag
from letters.models.texts import Draft, Letter, Version

__all__ = [
    "THRESHOLD",
    "Case",
    "Cell",
    "Day",
    "Directory",
    "Draft",
    "Elsewhere",
    "ElsewhereName",
    "Employer",
    "EmployerDomain",
    "Frequency",
    "HeldName",
    "Leaving",
    "Letter",
    "Organisation",
    "Pin",
    "Pledge",
    "ProofLevel",
    "PublicSignature",
    "Removal",
    "RoleGroup",
    "Subscription",
    "Tag",
    "Version",
    "Waiting",
]
