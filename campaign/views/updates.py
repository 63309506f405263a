"""The team's page of updates: write, look, and publish after saying how many are told."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign import news, news_queries
from campaign.access import campaign_for, may, organisers_only, person
from campaign.models import Role
from campaign.news_forms import UpdateForm
from letters import text


@organisers_only
@require_http_methods(["GET", "HEAD", "POST"])
def updates(request: HttpRequest, slug: str) -> HttpResponse:
    """What was published, and a form for more. Publishing takes a second look at a page that names the followers."""
    user = person(request)
    campaign, role = campaign_for(user, slug, least=Role.EDITOR if request.method == "POST" else Role.VIEWER)
    form = UpdateForm(request.POST or None)
    is_right = request.method == "POST" and form.is_valid()
    page = {
        "campaign": campaign,
        "role": role,
        "form": form,
        "may_write": may(role, Role.EDITOR),
        "followers": news.followers(campaign),
        "is_public": news_queries.campaign_of(slug=slug) is not None,
    }
    if is_right and "publish" in request.POST:
        data = form.cleaned_data
        try:
            news.publish_update(
                campaign=campaign,
                title=data["title"],
                body=data["body"],
                by=user,
                now=timezone.now(),
                update_id=data["id"],
            )
        except news.NotYours as error:
            raise Http404 from error
        messages.success(
            request, _("Published. Followers are told in a quarter of an hour; until then you can stop that mail.")
        )
        return redirect("organise-updates", slug=slug)
    if is_right:
        page |= {"title": form.cleaned_data["title"], "preview": text.render(form.cleaned_data["body"], below=2)}
        if "preview" not in request.POST:
            return render(request, "campaign/organise/update_publish.html", page)
    page["updates"] = news_queries.updates(campaign.pk)
    return render(
        request,
        "campaign/organise/updates.html",
        page,
        status=422 if request.method == "POST" and not is_right else 200,
    )
