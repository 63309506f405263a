"""Whether a public signer allows the press to quote her."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("letters", "0012_reasons")]

    operations = [
        migrations.AddField(
            model_name="publicsignature",
            name="quotable",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name="publicsignature",
            constraint=models.CheckConstraint(
                condition=models.Q(("quotable", False), models.Q(("name", ""), _negated=True), _connector="OR"),
                name="signature_quotable_has_a_name",
            ),
        ),
        migrations.AddIndex(
            model_name="publicsignature",
            index=models.Index(
                fields=["letter", "-id"],
                condition=models.Q(("quotable", True), ("state", "shown")),
                name="signature_quotable",
            ),
        ),
    ]
