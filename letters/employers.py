"""Employers and their mail domains, in a campaign's directory."""

import uuid

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from letters import freshness, verification
from letters.models import Employer, EmployerDomain


class NotPossible(Exception):
    """The employer cannot be written like this; `field` and the text say where and why."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


def add(*, directory_id: uuid.UUID, name: str, domains: list[str], key: str = "") -> int:
    """A new employer; answers its id. Raises NotPossible."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                employer = Employer.objects.create(
                    directory_id=directory_id, key=key or _free_key(directory_id, name), name=name
                )
        except IntegrityError as error:
            raise NotPossible(_("This employer is on your list already."), field="name") from error
        set_domains(employer_id=employer.pk, domains=domains)
    return employer.pk


def change(*, employer_id: int, name: str, domains: list[str]) -> None:
    """Give the employer this name and these mail domains. Raises NotPossible; nothing is changed then."""
    with transaction.atomic():
        freshness.changed()
        try:
            with transaction.atomic():
                Employer.objects.filter(pk=employer_id).update(name=name)
        except IntegrityError as error:
            raise NotPossible(_("Another employer on your list has this name."), field="name") from error
        set_domains(employer_id=employer_id, domains=domains)


def set_domains(*, employer_id: int, domains: list[str]) -> None:
    """Replace the employer's mail domains; those that stay keep their order. Raises NotPossible."""
    employer = Employer.objects.get(pk=employer_id)
    wanted = list(dict.fromkeys(_checked(domain) for domain in domains))
    with transaction.atomic():
        EmployerDomain.objects.filter(employer=employer).exclude(domain__in=wanted).delete()
        have = set(EmployerDomain.objects.filter(employer=employer).values_list("domain", flat=True))
        for domain in wanted:
            if domain in have:
                continue
            try:
                with transaction.atomic():
                    EmployerDomain.objects.create(directory_id=employer.directory_id, employer=employer, domain=domain)
            except IntegrityError as error:
                raise NotPossible(
                    _("%(domain)s belongs to another employer on your list.") % {"domain": domain}, field="domains"
                ) from error


def _checked(domain: str) -> str:
    tidy = verification.domain_of("@" + domain.strip().lower().removeprefix("@"))
    try:
        verification.parse(f"someone@{tidy}")
    except verification.NotAnAddress as error:
        raise NotPossible(
            _("%(domain)s is no mail domain. Write it like example.org.") % {"domain": domain}, field="domains"
        ) from error
    if verification.is_public_suffix(tidy):
        raise NotPossible(
            _("Anybody can register a name below %(domain)s. Write the employer’s own domain.") % {"domain": tidy},
            field="domains",
        )
    if verification.is_open_to_anybody(tidy):
        raise NotPossible(
            _("Anybody can have an address at %(domain)s, so it proves no employer.") % {"domain": tidy},
            field="domains",
        )
    return tidy


def _free_key(directory_id: uuid.UUID, name: str) -> str:
    base = slugify(name)[:50] or "employer"
    taken = set(Employer.objects.filter(directory_id=directory_id, key__startswith=base).values_list("key", flat=True))
    return next(key for n in range(1, len(taken) + 2) if (key := base if n == 1 else f"{base}-{n}") not in taken)
