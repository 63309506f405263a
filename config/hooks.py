"""Where mail providers report bounces and complaints; only where ANYMAIL_WEBHOOK_SECRET is set (config/urls.py)."""

from anymail.urls import urlpatterns as every

from accounts import webhooks

__all__ = ["urlpatterns", "webhooks"]

# Mail that comes in is not for us.
urlpatterns = [pattern for pattern in every if "inbound" not in str(pattern.pattern)]
