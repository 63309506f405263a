"""What trackers mend: shown standings whose evidence is thin."""

from dataclasses import dataclass

from django.db.models import Count, Q

from campaign.models import Campaign, Entry, StandingDecision


@dataclass(frozen=True)
class Thin:
    """A shown standing, and what its evidence lacks."""

    decision: StandingDecision
    one_source: bool
    second_hand: bool
    without_copy: bool


def thin(campaign: Campaign) -> list[Thin]:
    """Shown standings that rest upon one source, on what others reported, or on nothing archived. One query."""
    decisions = list(
        StandingDecision.objects.filter(
            executive__campaign=campaign, executive__addressed=True, state=StandingDecision.State.CHECKED,
            ended_at__isnull=True,
        )
        .select_related("executive__employer", "demand")
        .annotate(
            sources=Count("evidence__sources", distinct=True),
            copies=Count(
                "evidence__sources",
                distinct=True,
                filter=~Q(evidence__sources__archived="") | Q(evidence__sources__captures__isnull=False),
            ),
            first_hand=Count("evidence", distinct=True, filter=Q(evidence__known=Entry.Known.OWN)),
        )
        .exclude(standing="unaddressed")
        .order_by("executive", "demand__number")
    )  # fmt: skip
    found = [Thin(one, one.sources < 2, one.first_hand == 0, one.copies == 0) for one in decisions]
    return [one for one in found if one.one_source or one.second_hand or one.without_copy]
