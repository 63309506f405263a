"""The list of people: searched and ordered without case and accents, and some of them set at its head."""

import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.db.models.deletion
from django.db import migrations, models

# Declared immutable although dictionaries can be edited: ours is the one that PostgreSQL ships. Names of schemas are
# given, because a restore runs without a search path.
FORWARD = """
CREATE FUNCTION letters_fold(given text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT lower(public.unaccent('public.unaccent'::regdictionary, given))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("letters", "0008_removals"),
    ]

    operations = [
        django.contrib.postgres.operations.UnaccentExtension(),
        migrations.RunSQL(FORWARD, "DROP FUNCTION letters_fold(text);"),
        migrations.CreateModel(
            name="Pin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="letters.letter"
                    ),
                ),
                (
                    "signature",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="letters.publicsignature"
                    ),
                ),
            ],
        ),
        migrations.RemoveIndex(
            model_name="publicsignature",
            name="signature_name_search",
        ),
        migrations.AddField(
            model_name="letter",
            name="names_are_indexed",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="letter",
            name="pin_criterion",
            field=models.CharField(blank=True, db_default="", max_length=200),
        ),
        migrations.AddField(
            model_name="publicsignature",
            name="folded",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func("name", function="letters_fold"),
                output_field=models.TextField(db_collation="C"),
            ),
        ),
        migrations.AddField(
            model_name="publicsignature",
            name="folded_employer",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func("employer_name", function="letters_fold"),
                output_field=models.TextField(db_collation="C"),
            ),
        ),
        migrations.AddIndex(
            model_name="publicsignature",
            index=models.Index(
                condition=models.Q(("state", "shown")), fields=["letter", "role_group", "-id"], name="signature_role"
            ),
        ),
        migrations.AddIndex(
            model_name="publicsignature",
            index=models.Index(
                condition=models.Q(("state", "shown")), fields=["letter", "folded", "id"], name="signature_by_name"
            ),
        ),
        migrations.AddIndex(
            model_name="publicsignature",
            index=models.Index(
                condition=models.Q(("state", "shown")),
                fields=["letter", "folded_employer", "folded", "id"],
                name="signature_by_employer",
            ),
        ),
        migrations.AddIndex(
            model_name="publicsignature",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("folded", name="gin_trgm_ops"),
                condition=models.Q(("state", "shown")),
                name="signature_search",
            ),
        ),
    ]
