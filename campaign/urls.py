"""The team's addresses, below /organise/."""

from django.urls import path

from campaign.views import letters, log, organise, outreach, people, reminders, tracking, updates

urlpatterns = [
    path("", organise.overview, name="organise"),
    path("start/", organise.start, name="organise-start"),
    path("settings/", reminders.settings, name="organise-settings"),
    path("gallery/", organise.gallery, name="gallery"),
    path("invitations/<int:invitation_id>/", people.answer_invitation, name="organise-invitation"),
    path("campaigns/<slug:slug>/", organise.campaign, name="organise-campaign"),
    path("campaigns/<slug:slug>/about/", organise.about, name="organise-about"),
    path("campaigns/<slug:slug>/demands/", organise.demands, name="organise-demands"),
    path("campaigns/<slug:slug>/demands/<int:pk>/", organise.demand, name="organise-demand"),
    path("campaigns/<slug:slug>/demands/<int:pk>/remove/", organise.remove_demand, name="organise-demand-remove"),
    path("campaigns/<slug:slug>/employers/", organise.employers, name="organise-employers"),
    path("campaigns/<slug:slug>/employers/<int:pk>/", organise.employer, name="organise-employer"),
    path("campaigns/<slug:slug>/executives/", organise.executives, name="organise-executives"),
    path("campaigns/<slug:slug>/executives/<int:pk>/", organise.executive, name="organise-executive"),
    path("campaigns/<slug:slug>/new-letter/", letters.write, name="organise-letter-new"),
    path("campaigns/<slug:slug>/letters/<slug:letter_slug>/", letters.letter, name="organise-letter"),
    path("campaigns/<slug:slug>/letters/<slug:letter_slug>/open/", letters.open_letter, name="organise-letter-open"),
    path("campaigns/<slug:slug>/letters/<slug:letter_slug>/close/", letters.close_letter, name="organise-letter-close"),
    path("campaigns/<slug:slug>/letters/<slug:letter_slug>/release/", letters.release, name="organise-release"),
    path("campaigns/<slug:slug>/letters/<slug:letter_slug>/reply-by/", letters.reply_by, name="organise-reply-by"),
    path("campaigns/<slug:slug>/letters/<slug:letter_slug>/closes-at/", letters.closes_at, name="organise-closes-at"),
    path("campaigns/<slug:slug>/record/", tracking.record, name="organise-record"),
    path("campaigns/<slug:slug>/record/new/", tracking.new_statement, name="organise-statement-new"),
    path("campaigns/<slug:slug>/record/<uuid:entry_id>/", tracking.entry, name="organise-entry"),
    path("campaigns/<slug:slug>/reminders/", reminders.queue, name="organise-reminders"),
    path("campaigns/<slug:slug>/reminders/forecast/", reminders.forecast, name="organise-forecast"),
    path("campaigns/<slug:slug>/reminders/hold/", reminders.hold_all, name="organise-reminders-hold"),
    path("campaigns/<slug:slug>/reminders/spacing/", reminders.spacing, name="organise-reminders-spacing"),
    path("campaigns/<slug:slug>/reminders/<uuid:reminder_id>/", reminders.reminder, name="organise-reminder"),
    path("campaigns/<slug:slug>/reminders/<uuid:reminder_id>/again/", reminders.mail_again, name="organise-mail-again"),
    path("campaigns/<slug:slug>/outreach/", outreach.offices, name="organise-offices"),
    path("campaigns/<slug:slug>/outreach/<int:pk>/", outreach.office, name="organise-outreach"),
    path("campaigns/<slug:slug>/updates/", updates.updates, name="organise-updates"),
    path("campaigns/<slug:slug>/log/", log.log, name="organise-log"),
    path("campaigns/<slug:slug>/team/", people.team, name="organise-team"),
    path("campaigns/<slug:slug>/team/<int:pk>/", people.member, name="organise-member"),
]
