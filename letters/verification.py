"""Whose mailbox is it? Canonical addresses, the employer of a domain, and codes."""

import hmac
import secrets
import uuid

from django.db.models import OuterRef, Subquery
from email_validator import EmailNotValidError, validate_email

from letters.models import Employer, EmployerDomain

CODE_LENGTH = 8
# 31 characters without look-alikes (no 0 O, 1 I L): 39.6 bits a code.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

# Mail providers that anybody may use: never an employer's domain.
OPEN_PROVIDERS = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com icloud.com me.com mac.com "
    "aol.com gmx.com gmx.net gmx.de web.de mail.com mail.ru yandex.com yandex.ru qq.com 163.com 126.com "
    "proton.me protonmail.com pm.me tutanota.com tuta.io tuta.com fastmail.com hey.com zoho.com posteo.de "
    "mailbox.org riseup.net duck.com disroot.org naver.com orange.fr free.fr laposte.net libero.it".split()
)
# Providers that deliver a.b@ and ab@ to one mailbox, and those that are one provider under two names.
_DOTS_IGNORED = frozenset({"gmail.com"})
_SAME_PROVIDER = {
    "googlemail.com": "gmail.com",
    "protonmail.com": "proton.me",
    "pm.me": "proton.me",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
}


class NotAnAddress(ValueError):
    """What was typed cannot be an e-mail address; the text says what is wrong with it."""


def parse(typed: str) -> str:
    """The address to send to, checked for syntax alone. Raises NotAnAddress."""
    try:
        return validate_email(typed.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise NotAnAddress(str(error)) from error


def domain_of(address: str) -> str:
    """The address's domain in ASCII and lower case."""
    domain = address.rpartition("@")[2].lower()
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain


def canonical(address: str, *, employers_domain: str = "") -> str:
    """One form for all spellings of a mailbox: case, plus-parts, a provider's dots and second names.

    `employers_domain` stands for all of an employer's domains (fb.com for meta.com), so that a mailbox known
    under several of them is one person.
    """
    local, _, _ = address.rpartition("@")
    domain = employers_domain or domain_of(address)
    domain = _SAME_PROVIDER.get(domain, domain)
    local = local.lower().partition("+")[0] or local.lower()
    if domain in _DOTS_IGNORED:
        local = local.replace(".", "")
    return f"{local}@{domain}"


def employer_at(*, directory_id: uuid.UUID, domain: str) -> tuple[Employer, str] | None:
    """The employer whose mail domain this is, and the employer's first domain, which stands for all of them.

    Only the exact domain counts: people at alumni.example.edu need not work at example.edu.
    """
    first = EmployerDomain.objects.filter(employer=OuterRef("employer")).order_by("pk").values("domain")[:1]
    row = (
        EmployerDomain.objects.filter(directory_id=directory_id, domain=domain)
        .select_related("employer")
        .annotate(first=Subquery(first))
        .first()
    )
    return None if row is None else (row.employer, row.first)


def new_code() -> str:
    """Eight characters that can be read aloud."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def readable(code: str) -> str:
    """The code as the mail shows it: two groups of four."""
    return f"{code[:4]} {code[4:]}"


def tidy(typed: str) -> str:
    """A typed or pasted code without spaces, dashes and case."""
    return "".join(character for character in typed.upper() if character.isalnum())


def same(one: str, other: str) -> bool:
    """Whether two codes are equal, in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())
