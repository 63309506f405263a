"""The addresses of a site whose mail providers report back: the product has one at most, the tests two."""

from django.urls import include, path

from config import hooks
from config.urls import urlpatterns as site

urlpatterns = [*site, path("hooks/mail/", include(hooks.of("postmark") + hooks.of("mailgun")))]
