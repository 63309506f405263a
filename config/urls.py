"""Every address on one page."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from accounts import views as accounts_views
from campaign.views import public
from config import health
from letters import views as letters_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", public.home, name="home"),
    path("letters/<slug:slug>/", public.letter, name="letter"),
    path("letters/<slug:slug>/sign/", letters_views.sign, name="sign"),
    path("letters/<slug:slug>/code/", letters_views.code, name="code"),
    path("letters/<slug:slug>/code/again/", letters_views.send_again, name="code-again"),
    path("letters/<slug:slug>/signed/", letters_views.signed, name="signed"),
    path("letters/<slug:slug>/signatures/", letters_views.signatures, name="signatures"),
    path("letters/<slug:slug>/versions/", letters_views.versions, name="versions"),
    path("letters/<slug:slug>/versions/<slug:sha256>/", letters_views.version, name="version"),
    path("campaigns/<slug:slug>/", public.campaign, name="campaign"),
    path("campaigns/<slug:campaign_slug>/executives/<slug:key>/", public.executive, name="executive"),
    path("organise/", include("campaign.urls")),
    path("accounts/", include("allauth.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

if settings.MAIL_DIR is not None:
    urlpatterns.append(path("mailbox/", accounts_views.mailbox, name="mailbox"))
