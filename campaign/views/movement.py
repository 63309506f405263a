"""What changed on the record: a page since a day, and a feed."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from accounts.speaking import always_english
from campaign import emails, movement, queries
from campaign.movement import Change
from letters.freshness import same_for_everybody

_FEED = 50


@require_safe
@same_for_everybody
@gzip_page
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """What changed since a day, and which answers are owed."""
    now, refused = timezone.now(), ""
    try:
        try:
            found = movement.page(slug, since=request.GET.get("since", ""), now=now)
        except movement.NotADay as error:
            found, refused = movement.page(slug, since="", now=now), str(error)
    except queries.NoSuchCampaign as error:
        raise Http404 from error
    context = {
        "page": found,
        "campaign": found.campaign,
        "changes": [(change, _path(slug, change)) for change in found.changes],
        "refused": refused,
    }
    return render(request, "campaign/movement.html", context, status=422 if refused else 200)


@require_safe
@always_english
@same_for_everybody
@gzip_page
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest changes as Atom; each keeps its id, so that a reader tells it once."""
    if request.META.get("QUERY_STRING"):
        return redirect(request.path)
    try:
        found = movement.page(slug, since="1970-01-01", now=timezone.now())
    except queries.NoSuchCampaign as error:
        raise Http404 from error
    address = emails.address("movement", slug)
    atom = Atom1Feed(
        title=_("%(title)s: what changed on the record") % {"title": found.campaign.title},
        link=address,
        feed_url=emails.address("movement-feed", slug),
        description="",
        feed_guid=f"urn:uuid:{found.campaign.id}",
    )
    for change in found.changes[:_FEED]:
        atom.add_item(
            title=change.title,
            link=address.removesuffix(reverse("movement", args=[slug])) + _path(slug, change),
            description=change.detail,
            pubdate=change.at,
            updateddate=change.at,
            unique_id=f"urn:uuid:{uuid.uuid5(found.campaign.id, change.id)}",
        )
    return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _path(slug: str, change: Change) -> str:
    page = reverse("executive", args=[slug, change.key]) if change.key else reverse("campaign", args=[slug])
    return f"{page}#{change.anchor}"
