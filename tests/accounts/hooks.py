"""The addresses of a site whose mail provider reports back."""

from django.urls import include, path

from config.urls import urlpatterns as site

urlpatterns = [*site, path("hooks/mail/", include("config.hooks"))]
