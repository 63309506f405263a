"""A closed letter is handed over, and its team says how it ended."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("campaign", "0013_evidence"),
        ("letters", "0009_list_of_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("delivered_on", models.DateField()),
                ("how", models.CharField(max_length=200)),
                ("to_whom", models.CharField(max_length=300)),
                ("public", models.PositiveIntegerField()),
                ("names", models.PositiveIntegerField()),
                ("confidential", models.PositiveIntegerField()),
                ("recorded_at", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("text_sha256", models.CharField(blank=True, max_length=64)),
                ("pdf", models.BinaryField(null=True)),
                ("pdf_sha256", models.CharField(blank=True, max_length=64)),
                (
                    "campaign_letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="campaign.campaignletter",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="letters.version"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "deliveries",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign_letter", "delivered_on", "to_whom"), name="delivery_once_a_day_to_somebody"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("pdf__isnull", True), models.Q(("pdf_sha256", ""), _negated=True), _connector="OR"
                        ),
                        name="delivery_on_paper_has_its_name",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="campaignletter",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[("victory", "Victory"), ("partly", "Partly won"), ("ended", "Ended")],
                db_default="",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="campaignletter",
            name="outcome_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="campaignletter",
            name="outcome_statement",
            field=models.TextField(blank=True, db_default=""),
        ),
        migrations.AddConstraint(
            model_name="campaignletter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", ""), ("outcome_at", None), ("outcome_statement", "")),
                    models.Q(
                        models.Q(("outcome", ""), _negated=True),
                        models.Q(("outcome_statement", ""), _negated=True),
                        ("outcome_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="letter_outcome_has_its_words_and_moment",
            ),
        ),
    ]
