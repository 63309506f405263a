"""The writing room: what was saved, said and approved. A saved text never changes: the database refuses."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION campaign_saved_text_stands_still() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.campaign_letter_id, NEW.language, NEW.began_from, NEW.title, NEW.body, NEW.demands, NEW.saved_at)
        IS DISTINCT FROM
        (OLD.campaign_letter_id, OLD.language, OLD.began_from, OLD.title, OLD.body, OLD.demands, OLD.saved_at)
    THEN
        RAISE EXCEPTION 'a saved text never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER saved_text_stands_still BEFORE UPDATE ON campaign_savedtext
    FOR EACH ROW EXECUTE FUNCTION campaign_saved_text_stands_still();
"""
BACKWARD = """
DROP TRIGGER saved_text_stands_still ON campaign_savedtext;
DROP FUNCTION campaign_saved_text_stands_still();
"""


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("campaign", "0008_text_changes"),
        ("letters", "0005_drafts_by_language"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="approvals_needed",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="campaignletter",
            name="goal",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="campaignletter",
            name="not_opened",
            field=models.TextField(blank=True, db_default=""),
        ),
        migrations.AddField(
            model_name="campaignletter",
            name="opens_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="campaignletter",
            name="opens_sha256",
            field=models.CharField(blank=True, db_default="", max_length=64),
        ),
        migrations.AddConstraint(
            model_name="campaignletter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opens_at", None), ("closes_at", None), ("opens_at__lt", models.F("closes_at")), _connector="OR"
                ),
                name="letter_opens_before_it_closes",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaignletter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("opens_at", None), ("opens_sha256", "")),
                    models.Q(("opens_at__isnull", False), models.Q(("opens_sha256", ""), _negated=True)),
                    _connector="OR",
                ),
                name="letter_opens_with_a_named_text",
            ),
        ),
        migrations.CreateModel(
            name="SavedText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "campaign_letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_texts",
                        to="campaign.campaignletter",
                    ),
                ),
                ("language", models.CharField(max_length=16)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "accepted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("began_from", models.PositiveIntegerField()),
                ("revision", models.PositiveIntegerField(null=True)),
                ("title", models.TextField(blank=True)),
                ("body", models.TextField(blank=True)),
                ("demands", models.JSONField(default=list)),
                ("saved_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign_letter", "language", "revision"), name="saved_text_once_for_a_revision"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("revision__isnull", True),
                            (
                                "revision",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("began_from"), "+", models.Value(1)
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="saved_text_comes_next_after_what_it_began_from",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "campaign_letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="campaign.campaignletter",
                    ),
                ),
                ("language", models.CharField(max_length=16)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("quote", models.TextField()),
                ("before", models.TextField(blank=True)),
                ("after", models.TextField(blank=True)),
                ("position", models.PositiveIntegerField()),
                ("body", models.TextField(blank=True)),
                ("replacement", models.TextField(null=True)),
                ("said_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("resolved", "resolved"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                        ],
                        default="open",
                        max_length=16,
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quote", ""), _negated=True), name="comment_is_about_some_words"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("body", ""), _negated=True), ("replacement__isnull", False), _connector="OR"
                        ),
                        name="comment_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at__isnull", True), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("settled_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="comment_settled_has_a_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["accepted", "declined"]), _negated=True),
                            ("replacement__isnull", False),
                            _connector="OR",
                        ),
                        name="comment_accepted_had_other_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CommentReply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="replies", to="campaign.comment"
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("body", models.TextField()),
                ("said_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "campaign_letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="approvals",
                        to="campaign.campaignletter",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("approved_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign_letter", "member", "sha256"), name="approval_once_by_a_member_for_a_text"
                    )
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
