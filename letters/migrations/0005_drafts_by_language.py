"""Drafts leave the letter for a table of their own, one row for each language; versions may hold translations.

A version that has none is named as before: nothing about it changes.
"""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
INSERT INTO letters_draft (letter_id, language, title, body, demands, revision, saved_at, follows)
SELECT id, language, draft_title, draft_body, '[]', 1, drafted_at, '' FROM letters_letter;
SET CONSTRAINTS ALL IMMEDIATE;
"""
BACKWARD = """
UPDATE letters_letter SET draft_title = draft.title, draft_body = draft.body, drafted_at = draft.saved_at
FROM letters_draft AS draft WHERE draft.letter_id = letters_letter.id AND draft.language = letters_letter.language;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("letters", "0004_taking_back")]

    operations = [
        migrations.AddField("version", "translations", models.JSONField(default=list)),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=16)),
                ("title", models.CharField(max_length=200)),
                ("body", models.TextField(blank=True)),
                ("demands", models.JSONField(default=list)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("saved_at", models.DateTimeField()),
                ("follows", models.CharField(blank=True, max_length=64)),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="letters.letter"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("letter", "language"), name="draft_once_in_a_language"),
                    models.CheckConstraint(
                        condition=models.Q(("revision__gte", 1)), name="draft_revision_counts_from_one"
                    ),
                ]
            },
        ),
        migrations.AlterField("letter", "drafted_at", models.DateTimeField(null=True)),
        migrations.AlterField("letter", "draft_title", models.CharField(default="", max_length=200)),
        migrations.AlterField("letter", "draft_body", models.TextField(blank=True, default="")),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RemoveField("letter", "draft_title"),
        migrations.RemoveField("letter", "draft_body"),
        migrations.RemoveField("letter", "drafted_at"),
    ]
