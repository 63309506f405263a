"""Organisations sign through somebody who may speak for them, apart from people."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("letters", "0010_signed_elsewhere"),
    ]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="takes_organisations",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waits for the team"),
                            ("shown", "shown"),
                            ("withdrawn", "taken back"),
                            ("removed", "taken off by the organisers"),
                        ],
                        default="waiting",
                        max_length=16,
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=120)),
                ("domain", models.CharField(blank=True, max_length=253)),
                ("representative", models.CharField(blank=True, max_length=120)),
                ("representative_role", models.CharField(blank=True, max_length=120)),
                ("shows_name", models.BooleanField(default=True)),
                ("shows_role", models.BooleanField(default=True)),
                ("at_domain", models.BooleanField()),
                ("checked_how", models.CharField(blank=True, max_length=200)),
                ("tag", models.BinaryField(max_length=32, null=True)),
                ("asked_on", models.DateField()),
                ("shown_on", models.DateField(null=True)),
                ("over_on", models.DateField(null=True)),
                ("removed_because", models.CharField(blank=True, max_length=300)),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="letters.letter"
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
                "indexes": [models.Index(fields=["letter", "state"], name="organisation_of_letter")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "shown")),
                        fields=("letter", "domain"),
                        name="organisation_once_in_a_letter",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("over_on__isnull", True),
                                ("removed_because", ""),
                                ("state__in", ["waiting", "shown"]),
                                models.Q(("name", ""), _negated=True),
                                models.Q(("domain", ""), _negated=True),
                                models.Q(("representative", ""), _negated=True),
                            ),
                            models.Q(
                                ("checked_how", ""),
                                ("domain", ""),
                                ("name", ""),
                                ("over_on__isnull", False),
                                ("removed_because", ""),
                                ("representative", ""),
                                ("representative_role", ""),
                                ("state", "withdrawn"),
                                ("tag", None),
                            ),
                            models.Q(
                                ("checked_how", ""),
                                ("domain", ""),
                                ("name", ""),
                                ("over_on__isnull", False),
                                ("representative", ""),
                                ("representative_role", ""),
                                ("state", "removed"),
                                ("tag", None),
                                models.Q(("removed_because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="organisation_that_is_gone_keeps_no_word",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "shown"), _negated=True),
                            ("at_domain", True),
                            models.Q(("checked_how", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="organisation_shown_was_checked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "waiting"), ("shown_on__isnull", False), _connector="XOR"),
                        name="organisation_shown_has_its_day",
                    ),
                ],
            },
        ),
    ]
