import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("campaign", "0012_standings_carried_over"),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="known",
            field=models.CharField(
                blank=True,
                choices=[("own", "the executive’s own channel"), ("outlet", "a named outlet"), ("leak", "a leak")],
                db_default="",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="entry",
            name="language",
            field=models.CharField(blank=True, db_default="", max_length=16),
        ),
        migrations.AddField(
            model_name="source",
            name="archived",
            field=models.URLField(blank=True, db_default="", max_length=500),
        ),
        migrations.AddField(
            model_name="source",
            name="place",
            field=models.CharField(blank=True, db_default="", max_length=120),
        ),
        migrations.CreateModel(
            name="EntryDraft",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("statement", "statement"),
                            ("conduct", "conduct"),
                            ("silence", "reported silence"),
                            ("reaction", "reaction"),
                            ("position", "earlier position"),
                            ("related_letter", "related letter"),
                            ("event", "event"),
                        ],
                        max_length=16,
                    ),
                ),
                ("typed", models.JSONField()),
                ("saved_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="entry_drafts", to="campaign.campaign"
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Capture",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                ("kind", models.CharField(max_length=40)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("added_at", models.DateTimeField()),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="captures", to="campaign.source"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="capture_has_its_hash"
                    )
                ],
            },
        ),
    ]
