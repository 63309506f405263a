"""Where the mail provider reports bounces and complaints; only where ANYMAIL_WEBHOOK_SECRET is set (config/urls.py)."""

from anymail.urls import urlpatterns as every
from django.conf import settings
from django.urls import URLPattern

from accounts import webhooks

__all__ = ["of", "urlpatterns", "webhooks"]


def of(provider: str) -> list[URLPattern]:
    """The one address of a provider. Mail that comes in is not for us, and others' addresses lack their keys."""
    return [pattern for pattern in every if str(pattern.pattern) == f"{provider}/tracking/"]


urlpatterns = of(settings.MAIL_PROVIDER)
