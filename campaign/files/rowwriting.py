"""What a campaign consists of beside record and letters, as its file has it: employers, demands, offices, sources.

The operator brings it in line with the file. A member adds what is not here yet; what is here she changes on its page,
where those who have to look again are told.
"""

from typing import Any

from django.db.models import Max, Model, QuerySet
from django.utils.translation import gettext as _

from campaign import directory
from campaign.files.reading import Row, first_day
from campaign.files.work import Work, plain
from campaign.models import Demand, Source
from letters import employers as employer_list
from letters import queries, verification


def employers(work: Work, rows: list[Row]) -> dict[str, int]:
    """Employers by key. Domains are only ever added: taking one away is done by a person."""
    known = {employer.key: employer for employer in queries.employers(work.campaign.directory_id)}
    ids = {key: employer.id for key, employer in known.items()}
    for row in rows:
        work.step()
        employer = known.get(row["key"])
        try:
            if employer is None:
                ids[str(row["key"])] = _add_employer(work, row)
                work.made.append(_("employers: %(key)s") % {"key": row["key"]})
            else:
                _bring_in_line(work, row, employer)
        except employer_list.NotPossible as error:
            work.faults.add(row.line_of(error.field), str(error))
    work.note_others("employers", known, rows)
    return ids


def _add_employer(work: Work, row: Row) -> int:
    new: dict[str, Any] = {"key": str(row["key"]), "name": str(row["name"]), "domains": plain(row["domains"])}
    if work.by is None:
        return employer_list.add(directory_id=work.campaign.directory_id, **new)
    return directory.add_employer(campaign=work.campaign, by=work.by, now=work.now, **new)


def _bring_in_line(work: Work, row: Row, employer: queries.EmployerFacts) -> None:
    wanted = [verification.domain_of("@" + domain.lower()) for domain in row["domains"]]
    new = [domain for domain in wanted if domain not in employer.domains]
    differs = new or employer.name != row["name"]
    if work.by is not None:
        if differs:
            work.leave("employers", row["key"])
        return
    if differs:
        employer_list.change(employer_id=employer.id, name=str(row["name"]), domains=[*employer.domains, *new])
        work.changed.append(_("employers: %(key)s") % {"key": row["key"]})
    for domain in [domain for domain in employer.domains if domain not in wanted]:
        work.left_alone.append(
            _("employers: the domain %(domain)s of %(key)s is not in the file.") % {"domain": domain, "key": row["key"]}
        )


def demands(work: Work, found: list[Row]) -> None:
    """Demands are numbered as they stand in the file, and those that it does not mention come after them; what a member
    adds comes after what is here.
    """
    there = work.campaign.demands.all()
    if work.by is not None:
        numbers = dict(there.values_list("key", "number"))
        last = there.aggregate(last=Max("number"))["last"] or 0
        new = [row["key"] for row in found if row["key"] not in numbers]
        numbers |= {key: last + place for place, key in enumerate(new, 1)}
        rows(work, "demands", there, Demand, found, [{**row, "number": numbers[row["key"]]} for row in found])
        return
    others = list(
        there.exclude(key__in=[str(row["key"]) for row in found]).order_by("number").values_list("key", flat=True)
    )
    values: list[dict[str, Any]] = [{**row, "number": number} for number, row in enumerate(found, 1)]
    rows(work, "demands", there, Demand, found, values)
    for number, key in enumerate(others, len(found) + 1):
        Demand.objects.filter(campaign=work.campaign, key=key).exclude(number=number).update(number=number)


def sources(work: Work, found: list[Row]) -> None:
    """Where the record is known from."""
    values = [{**row, "published": first_day(row["published"]) if row["published"] else None} for row in found]
    rows(work, "sources", work.campaign.sources.all(), Source, found, values)


def rows(
    work: Work,
    section: str,
    existing: QuerySet[Any],
    model: type[Any],
    found: list[Row],
    values: list[dict[str, Any]],
) -> None:
    """Make what is not here yet, with these values, and bring the rest in line."""
    known = {row.key: row for row in existing}
    for row, wanted in zip(found, values, strict=True):
        work.step()
        facts = {name: plain(value) for name, value in wanted.items() if name not in {"employer", "holders"}}
        old = known.get(row["key"])
        if old is None:
            model.objects.create(campaign=work.campaign, **facts)
            work.made.append(f"{section}: {row['key']}")
        elif work.by is not None:
            if any(getattr(old, name) != value for name, value in facts.items()):
                work.leave(section, row["key"])
        elif change(model.objects.filter(pk=old.pk), old, facts):
            work.changed.append(f"{section}: {row['key']}")
    work.note_others(section, known, found)


def change(queryset: QuerySet[Any], row: Model, wanted: dict[str, Any]) -> bool:
    """Write what differs; whether anything did."""
    different = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if different:
        queryset.update(**different)
    return bool(different)
