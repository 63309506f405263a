"""Every address on one page."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from accounts import views as accounts_views
from campaign import cards
from campaign.views import board, editions, movement, news, numbers, public, reminders, replies, sharing, versions
from config import health, operator, pages
from letters import evidence_views, joining_views, withdraw_views
from letters import views as letters_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", public.home, name="home"),
    path("letters/<slug:slug>/", public.letter, name="letter"),
    path("letters/<slug:slug>/sign/", letters_views.sign, name="sign"),
    path("letters/<slug:slug>/code/", letters_views.code, name="code"),
    path("letters/<slug:slug>/code/again/", letters_views.send_again, name="code-again"),
    path("letters/<slug:slug>/evidence/", evidence_views.show, name="evidence"),
    path("letters/<slug:slug>/signed/", letters_views.signed, name="signed"),
    path("letters/<slug:slug>/withdraw/", withdraw_views.withdraw, name="withdraw"),
    path("letters/<slug:slug>/withdraw/code/", withdraw_views.code, name="withdraw-code"),
    path("letters/<slug:slug>/withdraw/code/again/", withdraw_views.send_again, name="withdraw-code-again"),
    path("letters/<slug:slug>/withdraw/done/", withdraw_views.done, name="withdraw-done"),
    path("letters/<slug:slug>/share/", sharing.share, name="share"),
    path("letters/<slug:slug>/qr.svg", sharing.qr_code, name="letter-qr"),
    path("letters/<slug:slug>/card.png", sharing.card, {"shape": cards.WIDE}, name="letter-card"),
    path("letters/<slug:slug>/square.png", sharing.card, {"shape": cards.SQUARE}, name="letter-square"),
    path("letters/<slug:slug>/press/", numbers.for_the_press, name="press"),
    path("letters/<slug:slug>/numbers/", numbers.numbers, name="numbers"),
    path("letters/<slug:slug>/numbers/<slug:key>.png", numbers.picture, name="numbers-picture"),
    path("embed/letters/<slug:slug>/", sharing.embed, name="embed"),
    path("letters/<slug:slug>/news/", news.of_letter, name="letter-news"),
    path("letters/<slug:slug>/signatures/", letters_views.signatures, name="signatures"),
    path(
        "letters/<slug:slug>/signatures/employers/",
        letters_views.signatures_by_employer,
        name="signatures-employers",
    ),
    path(
        "letters/<slug:slug>/signatures/elsewhere/",
        letters_views.signatures_elsewhere,
        name="signatures-elsewhere",
    ),
    path("letters/<slug:slug>/signatures/organisations/", joining_views.listed, name="signatures-organisations"),
    path("letters/<slug:slug>/organisations/join/", joining_views.join, name="organisation-join"),
    path("letters/<slug:slug>/organisations/join/code/", joining_views.join_code, name="organisation-code"),
    path(
        "letters/<slug:slug>/organisations/join/code/again/",
        joining_views.send_again,
        {"way": "organisation"},
        name="organisation-again",
    ),
    path(
        "letters/<slug:slug>/organisations/join/done/",
        joining_views.done,
        {"way": "organisation"},
        name="organisation-done",
    ),
    path("letters/<slug:slug>/organisations/leave/", joining_views.leave, name="organisation-leave"),
    path("letters/<slug:slug>/organisations/leave/code/", joining_views.leave_code, name="organisation-leave-code"),
    path(
        "letters/<slug:slug>/organisations/leave/code/again/",
        joining_views.send_again,
        {"way": "organisation-leave"},
        name="organisation-leave-again",
    ),
    path(
        "letters/<slug:slug>/organisations/leave/done/",
        joining_views.done,
        {"way": "organisation-leave"},
        name="organisation-leave-done",
    ),
    path("letters/<slug:slug>/versions/", versions.versions, name="versions"),
    path("letters/<slug:slug>/versions/<slug:sha256>/", versions.version, name="version"),
    path("letters/<slug:slug>/deliveries/<uuid:delivery_id>/letter.<slug:kind>", editions.edition, name="edition"),
    path("codes/stop/", letters_views.stop_codes, name="stop-codes"),
    path("campaigns/<slug:slug>/", public.campaign, name="campaign"),
    path("campaigns/<slug:slug>/movement/", movement.page, name="movement"),
    path("campaigns/<slug:slug>/movement.atom", movement.feed, name="movement-feed"),
    path("campaigns/<slug:slug>/scoreboard/", board.scoreboard, name="scoreboard"),
    path("campaigns/<slug:slug>/scoreboard.png", board.picture, {"shape": "wide"}, name="scoreboard-picture"),
    path("campaigns/<slug:slug>/scoreboard-tall.png", board.picture, {"shape": "tall"}, name="scoreboard-tall"),
    path("campaigns/<slug:slug>/scoreboard.csv", board.record_file, {"kind": "scoreboard"}, name="scoreboard-csv"),
    path("campaigns/<slug:slug>/record.csv", board.record_file, {"kind": "csv"}, name="record-csv"),
    path("campaigns/<slug:slug>/record.json", board.record_file, {"kind": "json"}, name="record-json"),
    path("campaigns/<slug:slug>/news/", news.follow, name="news"),
    path("campaigns/<slug:slug>/news/code/", news.code, name="news-code"),
    path("campaigns/<slug:slug>/news/code/again/", news.send_again, name="news-code-again"),
    path("campaigns/<slug:slug>/news/done/", news.done, name="news-done"),
    path("news/<str:token>/", news.settings, name="news-settings"),
    path("campaigns/<slug:campaign_slug>/executives/<slug:key>/", public.executive, name="executive"),
    path("campaigns/<slug:slug>/report/", replies.report, name="report"),
    path("campaigns/<slug:slug>/report/done/", replies.report_done, name="report-done"),
    path("reply/<str:token>/", replies.reply, name="reply"),
    path("reminders/stop/<str:token>/", reminders.stop, name="reminders-stop"),
    path("organise/operator/", operator.operator, name="operator"),
    path("organise/", include("campaign.urls")),
    path("accounts/", include("allauth.urls")),
    path("language/", pages.language, name="language"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

if settings.MAIL_DIR is not None:
    urlpatterns.append(path("mailbox/", accounts_views.mailbox, name="mailbox"))

if settings.ANYMAIL.get("WEBHOOK_SECRET"):
    urlpatterns.append(path("hooks/mail/", include("config.hooks")))
