"""A rehearsal: what could be handed over about one address and one letter, from the live state (docs/privacy.md).

It never answers whether the address has signed. It says who could find that out, with which key, and until when.
"""

from accounts.models import OutgoingMail, User
from letters import keyring, queries, verification
from letters.models import Case, Letter, Organisation, PublicSignature, Tag


class NoSuchLetter(LookupError):
    """No letter has this address."""


# The promises, word for word as docs/privacy.md makes them; a test compares the two.
PUBLIC = (
    "A public signature shows its name, role, employer, proof level and day to everybody, its line once it was "
    "accepted, and whether reporters may quote it. Nothing leads to an address."
)
CONFIDENTIAL_OPEN = (
    "A confidential signature is no row: it is one more in a count. While the letter is open, whoever has the database "
    "and the letter's key can test whether an address has signed, and whether it shows a name; not when."
)
CONFIDENTIAL_CLOSED = (
    "The letter is closed and its key destroyed: whether an address has signed can no longer be tested."
)
KEY_LEFT = "The letter is closed, but its key is still being destroyed: until then an address can be tested."
ORGANISATIONS = (
    "An organisation's row has the name and role of who signed for it. While the letter is open, whoever has the "
    "database and the letter's key can test whether an address signed for it."
)
PENDING = (
    "A form that waits for its code lies in Redis for fifteen minutes, under a key that only the signer's browser has. "
    "The mail with the code is sealed under a key that is destroyed within 45 minutes."
)
REVIEW = (
    "Names on hold and evidence wait for a reviewer. A copy of PostgreSQL shows the names; with a copy of Redis of the "
    "same three days it shows the evidence too. After the answer a refused name is deleted and evidence cannot be "
    "opened any more."
)
CAME_IN = (
    "For three days Redis holds how many names came to the list in each hour, by mail domain and employer: of ten and "
    "more with the domain's name, of fewer under a random key of the day, with which a domain can be tested; "
    "confidential signatures only as the groups that everybody saw."
)
FOLLOWING = (
    "Whoever has the database and SECRET_KEY can test whether an address follows the campaign's news, and mail that "
    "waits can be opened until it is sent."
)
NEVER_KEPT = "IP addresses, user agents and times of day of signing are not kept, so they cannot be handed over."


def rehearse(*, slug: str, address: str) -> list[str]:
    """What could be handed over, in sentences. Raises NoSuchLetter."""
    letter = Letter.objects.filter(slug=slug).first()
    if letter is None:
        raise NoSuchLetter(f"No letter has the address “{slug}”.")
    closed = letter.state == Letter.State.CLOSED
    account = User.objects.filter(email__iexact=address).exists()
    return [
        f"Letter: {queries.letter(slug, drafts=True).title} ({letter.get_state_display()})",
        f"Asked about: an address at {verification.domain_of(address)}",
        "",
        PUBLIC,
        f"    Public signatures in the database: {PublicSignature.objects.filter(letter=letter).count():,}.",
        REVIEW,
        f"    Names on hold: {_waiting(letter, Case.Kind.NAME):,}; evidence: {_waiting(letter, Case.Kind.PROOF):,}.",
        _confidential(letter, closed=closed),
        f"    Tags in the database: {Tag.objects.filter(letter=letter).count():,}.",
        f"    The letter's key on this machine: {'yes' if keyring.exists(letter.pk) else 'no'}.",
        ORGANISATIONS,
        f"    Organisations in the database: {Organisation.objects.filter(letter=letter).count():,}.",
        PENDING,
        f"    Codes that wait to be sent, of all letters: {_codes_waiting():,}.",
        CAME_IN,
        FOLLOWING,
        NEVER_KEPT,
        "An organiser's account has this address: its name, teams and sign-in times could be handed over."
        if account
        else "No organiser's account has this address.",
    ]


def _confidential(letter: Letter, *, closed: bool) -> str:
    if not closed:
        return CONFIDENTIAL_OPEN
    return KEY_LEFT if keyring.exists(letter.pk) else CONFIDENTIAL_CLOSED


def _waiting(letter: Letter, kind: Case.Kind) -> int:
    return Case.objects.filter(signature__letter=letter, kind=kind, state=Case.State.WAITING).count()


def _codes_waiting() -> int:
    return OutgoingMail.objects.filter(kind="code", sealed__isnull=False).count()
