"""Members are told who answered them, and which letter did not open."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaign", "0022_approvals_of_a_change"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="reminder",
            name="reminder_is_about_what_its_kind_says",
        ),
        migrations.AddField(
            model_name="campaignletter",
            name="not_opened_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(
            "UPDATE campaign_campaignletter SET not_opened_at = now() WHERE not_opened <> ''", migrations.RunSQL.noop
        ),
        migrations.AlterField(
            model_name="reminder",
            name="kind",
            field=models.CharField(
                choices=[
                    ("no_answer", "the reply-by date has passed without an answer"),
                    ("second_check", "something on the record waits for a second check"),
                    ("closing_soon", "a letter is about to close"),
                    ("idle_draft", "a draft has not moved for a while"),
                    ("comments", "somebody answered in a thread of yours"),
                    ("not_opened", "a letter did not open by itself"),
                    ("milestone", "a letter reached a number"),
                    ("outreach_ready", "an office may be asked again"),
                    ("replies", "a reply or a report of an error waits"),
                    ("review", "names or evidence wait for a reviewer"),
                    ("wave", "many more signatures than usual came in"),
                    ("news", "news for followers"),
                    ("outreach", "a question to an executive’s office"),
                ],
                max_length=24,
            ),
        ),
        migrations.AddConstraint(
            model_name="campaignletter",
            constraint=models.CheckConstraint(
                condition=models.Q(("not_opened", ""), ("not_opened_at__isnull", False), _connector="XOR"),
                name="letter_not_opened_has_its_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("campaign_letter__isnull", False),
                        ("kind__in", ["no_answer", "closing_soon", "idle_draft", "wave", "comments", "not_opened"]),
                    ),
                    models.Q(("campaign_letter__isnull", False), ("kind", "milestone"), ("news__isnull", False)),
                    ("kind__in", ["second_check", "replies", "review"]),
                    models.Q(("executive__isnull", False), ("kind", "outreach_ready")),
                    models.Q(("kind", "news"), ("news__isnull", False)),
                    models.Q(("executive__isnull", False), ("kind", "outreach"), ("outreach__isnull", False)),
                    _connector="OR",
                ),
                name="reminder_is_about_what_its_kind_says",
            ),
        ),
    ]
