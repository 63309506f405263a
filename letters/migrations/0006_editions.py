"""Editions of the text: signatures of versions that ask the same are counted together, under the first of them."""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION letters_counted_under(signed uuid) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT first.id FROM letters_version AS own
    JOIN letters_version AS first ON first.letter_id = own.letter_id AND first.number = own.edition
    WHERE own.id = signed
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("letters", "0005_drafts_by_language"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="leaving",
            name="leaving_once",
        ),
        migrations.AddField(
            model_name="leaving",
            name="edition",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name="tag",
            name="edition",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name="version",
            name="edition",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name="version",
            name="note",
            field=models.CharField(blank=True, db_default="", max_length=500),
        ),
        migrations.AddConstraint(
            model_name="leaving",
            constraint=models.UniqueConstraint(
                fields=("letter", "edition", "employer"), name="leaving_once_in_an_edition", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(("edition__gte", 1), ("edition__lte", models.F("number"))),
                name="version_belongs_to_an_edition_that_began",
            ),
        ),
        migrations.RunSQL(FORWARD, "DROP FUNCTION letters_counted_under(uuid);"),
    ]
