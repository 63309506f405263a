"""One line of a public signer, read by a person before it is shown."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("letters", "0011_organisations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="case",
            name="case_about_a_name_holds_it_and_has_no_evidence",
        ),
        migrations.AddField(
            model_name="letter",
            name="asks_reason",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="publicsignature",
            name="reason",
            field=models.CharField(blank=True, db_default="", default="", max_length=140),
        ),
        migrations.AddField(
            model_name="publicsignature",
            name="reason_shown",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="case",
            name="kind",
            field=models.CharField(
                choices=[
                    ("name", "a name on hold"),
                    ("proof", "evidence of an employer"),
                    ("reason", "a signer’s line"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("blocks", True),
                        ("employer__isnull", True),
                        ("former", False),
                        ("kind", "name"),
                        ("sealed__isnull", True),
                        models.Q(("why", ""), _negated=True),
                    ),
                    models.Q(("kind", "proof"), ("why", "")),
                    models.Q(
                        ("blocks", False),
                        ("employer__isnull", True),
                        ("former", False),
                        ("kind", "reason"),
                        ("sealed__isnull", True),
                        ("why", ""),
                    ),
                    _connector="OR",
                ),
                name="case_about_a_name_holds_it_and_has_no_evidence",
            ),
        ),
        migrations.AddConstraint(
            model_name="publicsignature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), ("reason_shown", False)),
                    models.Q(models.Q(("reason", ""), _negated=True), models.Q(("name", ""), _negated=True)),
                    _connector="OR",
                ),
                name="signature_reason_goes_with_the_name",
            ),
        ),
    ]
