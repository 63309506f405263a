"""Whose mailbox is it? Canonical addresses, the employer of a domain, and codes."""

import hmac
import secrets
import uuid
from collections.abc import Sequence

import disposable_email_domains
from email_validator import EmailNotValidError, validate_email
from publicsuffixlist import PublicSuffixList

from letters import address_rules
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
_OPEN_UNDER_MANY_ENDINGS = frozenset("yahoo hotmail live outlook gmx aol msn yandex ymail rocketmail".split())
_SUFFIXES = PublicSuffixList(accept_unknown=False)


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


def canonical(address: str) -> str:
    """One form for all spellings of a mailbox: case, plus-parts, a provider's dots and second names."""
    rule = address_rules.of(domain_of(address))
    local = address.rpartition("@")[0].lower()
    for separator in rule.tag_separator:
        local = local.partition(separator)[0] or local
    if rule.ignore_dots:
        local = local.replace(".", "") or local
    return f"{local}@{rule.domain}"


def canonical_forms(address: str, domains: Sequence[str]) -> list[str]:
    """The canonical address, first, and the same mailbox name at the employer's other domains (fb.com for meta.com).

    All of them stand for one person. The own form is always among them, so that adding or removing one of the
    employer's domains never makes a second person of anybody.
    """
    own = canonical(address)
    local = own.rpartition("@")[0]
    return list(dict.fromkeys([own, *(f"{local}@{domain}" for domain in domains)]))


def employer_at(*, directory_id: uuid.UUID, domain: str) -> tuple[Employer | None, list[str]]:
    """The employer whose mail domain this is, with all its domains.

    Only the exact domain counts: people at alumni.example.edu need not work at example.edu.
    """
    found = EmployerDomain.objects.filter(directory_id=directory_id, domain=domain).values("employer")
    rows = list(EmployerDomain.objects.filter(employer__in=found).select_related("employer").order_by("pk"))
    return (rows[0].employer, [row.domain for row in rows]) if rows else (None, [])


def is_open_to_anybody(domain: str) -> bool:
    """Whether anybody can have an address there, so that it proves no employer."""
    name = domain.partition(".")[0]
    return domain in OPEN_PROVIDERS or name in _OPEN_UNDER_MANY_ENDINGS or domain in disposable_email_domains.blocklist


def is_public_suffix(domain: str) -> bool:
    """Whether strangers register names directly below it (co.uk)."""
    return _SUFFIXES.is_public(domain)


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
