"""Signatures that were given elsewhere, apart from ours."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("letters", "0009_list_of_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="Elsewhere",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("imported", "an earlier list of names"),
                            ("paper", "signatures on paper"),
                            ("partner", "signatures that a partner collected"),
                        ],
                        max_length=16,
                    ),
                ),
                ("source", models.CharField(max_length=200)),
                ("evidence", models.CharField(max_length=500)),
                ("count", models.PositiveIntegerField()),
                ("added_on", models.DateField()),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="letters.letter"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "elsewhere",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("count__gte", 1)), name="elsewhere_is_somebody"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("source", ""), _negated=True), models.Q(("evidence", ""), _negated=True)
                        ),
                        name="elsewhere_has_evidence",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ElsewhereName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("role", models.CharField(blank=True, max_length=120)),
                ("employer", models.CharField(blank=True, max_length=120)),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="names", to="letters.elsewhere"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["lot", "id"], name="elsewhere_names")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="elsewhere_name_is_one"
                    )
                ],
            },
        ),
    ]
