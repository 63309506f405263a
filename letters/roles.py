"""Which kind of work a typed role means: the only part of a confidential signer's role that is counted."""

import re

from letters.models import RoleGroup

# The first group whose word begins a word of the role wins; "engineering manager" is leadership, so that comes first.
_WORDS = (
    (RoleGroup.LEADERSHIP, "manager director head chief vp president founder lead ceo cto cfo coo partner"),
    (RoleGroup.PRODUCT, "product program programme project owner scrum"),
    (RoleGroup.RESEARCH, "research scientist science professor phd postdoc"),
    (RoleGroup.DESIGN, "design ux ui artist illustrator animator"),
    (
        RoleGroup.ENGINEERING,
        "engineer developer programmer software hardware sre devops architect data security qa tester swe sde ml",
    ),
    (
        RoleGroup.OPERATIONS,
        "operations support technician warehouse logistics driver facilities admin assistant moderator it customer",
    ),
    (
        RoleGroup.BUSINESS,
        "sales marketing business account policy legal lawyer counsel finance people hr recruit comms",
    ),
)


def group_of(role: str) -> RoleGroup:
    """The group of a role typed by hand; what is not recognised is "other"."""
    words = re.findall(r"\w+", role.casefold())
    for group, stems in _WORDS:
        if any(word == stem or (len(stem) > 3 and word.startswith(stem)) for stem in stems.split() for word in words):
            return group
    return RoleGroup.OTHER
