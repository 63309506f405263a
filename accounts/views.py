"""The development mailbox: what would have left, so that a newcomer can finish a signing with nothing else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import mailfolder


@never_cache
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest mails. Its address exists in development alone (config/urls.py)."""
    return render(request, "accounts/mailbox.html", {"mails": mailfolder.newest(most=100)})
