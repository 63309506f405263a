"""Letters and what is kept of those who sign them."""

import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from accounts.tables import CreateTables

# Declared immutable although dictionaries can be edited: ours is the one that PostgreSQL ships. Names of schemas are
# given, because a restore runs without a search path.
_FOLD = """
CREATE FUNCTION letters_fold(given text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT lower(public.unaccent('public.unaccent'::regdictionary, given))
$$;
"""
_STANDS_STILL = """
CREATE FUNCTION letters_version_stands_still() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version of a letter is never updated' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER version_stands_still BEFORE UPDATE ON letters_version
    FOR EACH ROW EXECUTE FUNCTION letters_version_stands_still();
"""
_MOVES_AGAIN = """
DROP TRIGGER version_stands_still ON letters_version;
DROP FUNCTION letters_version_stands_still();
"""
_COUNTED_UNDER = """
CREATE FUNCTION letters_counted_under(signed uuid) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT first.id FROM letters_version AS own
    JOIN letters_version AS first ON first.letter_id = own.letter_id AND first.number = own.edition
    WHERE own.id = signed
$$;
"""


class Migration(migrations.Migration):
    replaces = [
        ("letters", "0001_initial"),
        ("letters", "0002_versions_stand_still"),
        ("letters", "0003_subscriptions"),
        ("letters", "0004_taking_back"),
        ("letters", "0005_drafts_by_language"),
        ("letters", "0006_editions"),
        ("letters", "0007_review"),
        ("letters", "0008_removals"),
        ("letters", "0009_list_of_people"),
        ("letters", "0010_signed_elsewhere"),
        ("letters", "0011_organisations"),
        ("letters", "0012_reasons"),
        ("letters", "0013_quotable"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        django.contrib.postgres.operations.TrigramExtension(),
        django.contrib.postgres.operations.UnaccentExtension(),
        migrations.RunSQL(_FOLD, "DROP FUNCTION letters_fold(text);"),
        CreateTables(
            migrations.CreateModel(
                name="Directory",
                fields=[
                    ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ("most_evidence", models.PositiveSmallIntegerField(db_default=50, default=50)),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("most_evidence__gte", 10)),
                            name="directory_that_is_full_tells_of_no_small_group",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Employer",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("key", models.SlugField(max_length=60)),
                    ("name", models.CharField(max_length=120)),
                    (
                        "directory",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="employers",
                            to="letters.directory",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("directory", "key"), name="employer_key_once_in_a_directory"),
                        models.UniqueConstraint(
                            models.F("directory"),
                            django.db.models.functions.text.Upper("name"),
                            name="employer_name_once_in_a_directory",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="EmployerDomain",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("domain", models.CharField(max_length=253)),
                    (
                        "directory",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="+", to="letters.directory"
                        ),
                    ),
                    (
                        "employer",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="domains", to="letters.employer"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("directory", "domain"), name="domain_has_one_employer_in_a_directory"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Letter",
                fields=[
                    ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ("slug", models.SlugField(max_length=80, unique=True)),
                    (
                        "state",
                        models.CharField(
                            choices=[("draft", "draft"), ("open", "open"), ("closed", "closed")],
                            default="draft",
                            max_length=16,
                        ),
                    ),
                    ("language", models.CharField(default="en", max_length=16)),
                    ("is_example", models.BooleanField(default=False)),
                    ("opened_at", models.DateTimeField(null=True)),
                    ("closed_at", models.DateTimeField(null=True)),
                    ("key_destroyed_at", models.DateTimeField(null=True)),
                    (
                        "directory",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="letters.directory"
                        ),
                    ),
                    (
                        "current",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="letters.version",
                        ),
                    ),
                    ("release_from", models.PositiveIntegerField(null=True)),
                    ("counts_email", models.BooleanField(db_default=True, default=True)),
                    ("counts_reviewed", models.BooleanField(db_default=True, default=True)),
                    ("for_anyone", models.BooleanField(db_default=True, default=True)),
                    ("former_too", models.BooleanField(db_default=False, default=False)),
                    ("takes_email", models.BooleanField(db_default=True, default=True)),
                    ("takes_reviewed", models.BooleanField(db_default=False, default=False)),
                    ("names_are_indexed", models.BooleanField(db_default=False, default=False)),
                    ("pin_criterion", models.CharField(blank=True, db_default="", max_length=200)),
                    ("takes_organisations", models.BooleanField(db_default=False, default=False)),
                    ("asks_reason", models.BooleanField(db_default=False, default=False)),
                    ("employers", models.ManyToManyField(related_name="+", to="letters.employer")),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("for_anyone", True), ("takes_email", False), _connector="OR"),
                            name="letter_for_some_takes_no_mere_mailbox",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("former_too", False),
                                models.Q(("for_anyone", False), ("takes_reviewed", True)),
                                _connector="OR",
                            ),
                            name="letter_takes_former_people_by_review",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("current__isnull", True), ("opened_at__isnull", True), ("state", "draft")),
                                models.Q(
                                    ("current__isnull", False),
                                    ("opened_at__isnull", False),
                                    ("state__in", ["open", "closed"]),
                                ),
                                _connector="OR",
                            ),
                            name="letter_that_opened_has_a_version_and_a_moment",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("closed_at__gte", models.F("opened_at")),
                                    ("closed_at__isnull", False),
                                    ("state", "closed"),
                                ),
                                models.Q(models.Q(("state", "closed"), _negated=True), ("closed_at__isnull", True)),
                                _connector="OR",
                            ),
                            name="letter_closes_after_it_opened",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("key_destroyed_at__isnull", True), ("state", "closed"), _connector="OR"
                            ),
                            name="letter_key_is_destroyed_only_when_closed",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("release_from__isnull", True), ("release_from__gte", 10), _connector="OR"
                            ),
                            name="letter_lets_nobody_wait_for_a_small_group",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Day",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("day", models.DateField()),
                    ("public", models.PositiveIntegerField(default=0)),
                    ("confidential", models.PositiveIntegerField(default=0)),
                    (
                        "letter",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="+", to="letters.letter"
                        ),
                    ),
                    ("fallen", models.PositiveIntegerField(db_default=0, default=0)),
                    ("withdrawn", models.PositiveIntegerField(db_default=0, default=0)),
                    ("lowered", models.PositiveIntegerField(db_default=0, default=0)),
                    ("removed", models.PositiveIntegerField(db_default=0, default=0)),
                    ("restored", models.PositiveIntegerField(db_default=0, default=0)),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("letter", "day"), name="day_once_in_a_letter"),
                        models.CheckConstraint(
                            condition=models.Q(("confidential", 0), ("confidential__gte", 10), _connector="OR"),
                            name="day_shows_no_small_step",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("fallen", 0), ("fallen__gte", 10), _connector="OR"),
                            name="day_shows_no_small_fall",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("lowered", 0), ("lowered__gte", 10), _connector="OR"),
                            name="day_shows_no_small_lowering",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Tag",
                fields=[
                    ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ("digest", models.BinaryField(max_length=32)),
                    ("fresh", models.BooleanField(default=False)),
                    (
                        "letter",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="+", to="letters.letter"
                        ),
                    ),
                    ("public", models.BooleanField(db_default=False, default=False)),
                    ("edition", models.PositiveSmallIntegerField(db_default=1, default=1)),
                ],
                options={
                    "indexes": [models.Index(condition=models.Q(("fresh", True)), fields=["letter"], name="tag_fresh")],
                    "constraints": [models.UniqueConstraint(fields=("letter", "digest"), name="tag_once_in_a_letter")],
                },
            ),
            migrations.CreateModel(
                name="Version",
                fields=[
                    ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ("number", models.PositiveSmallIntegerField()),
                    ("sha256", models.CharField(max_length=64)),
                    ("title", models.CharField(max_length=200)),
                    ("body", models.TextField()),
                    ("demands", models.JSONField()),
                    ("addressees", models.JSONField()),
                    ("language", models.CharField(max_length=16)),
                    ("published_at", models.DateTimeField()),
                    (
                        "letter",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="letters.letter"
                        ),
                    ),
                    ("translations", models.JSONField(default=list)),
                    ("edition", models.PositiveSmallIntegerField(db_default=1, default=1)),
                    ("note", models.CharField(blank=True, db_default="", max_length=500)),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("letter", "number"), name="version_number_once_in_a_letter"),
                        models.UniqueConstraint(fields=("letter", "sha256"), name="version_text_once_in_a_letter"),
                        models.CheckConstraint(
                            condition=models.Q(("edition__gte", 1), ("edition__lte", models.F("number"))),
                            name="version_belongs_to_an_edition_that_began",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="PublicSignature",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("name", models.CharField(max_length=120)),
                    ("role", models.CharField(blank=True, max_length=120)),
                    (
                        "role_group",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("engineering", "Engineering"),
                                ("research", "Research"),
                                ("design", "Design"),
                                ("product", "Product"),
                                ("operations", "Operations and support"),
                                ("business", "Business, sales and policy"),
                                ("leadership", "Leadership"),
                                ("", "Other or not stated"),
                            ],
                            max_length=16,
                        ),
                    ),
                    ("employer_name", models.CharField(blank=True, max_length=120)),
                    (
                        "level",
                        models.CharField(
                            choices=[("email", "e-mail checked"), ("work", "work e-mail"), ("reviewed", "reviewed")],
                            max_length=16,
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("held", "held"),
                                ("shown", "shown"),
                                ("withdrawn", "withdrawn"),
                                ("removed", "removed by the organisers"),
                            ],
                            default="shown",
                            max_length=16,
                        ),
                    ),
                    ("signed_on", models.DateField()),
                    ("withdrawn_on", models.DateField(null=True)),
                    (
                        "employer",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="letters.employer",
                        ),
                    ),
                    (
                        "letter",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="+", to="letters.letter"
                        ),
                    ),
                    (
                        "tag",
                        models.OneToOneField(
                            null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="letters.tag"
                        ),
                    ),
                    (
                        "version",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="letters.version"
                        ),
                    ),
                    ("former", models.BooleanField(db_default=False, default=False)),
                    (
                        "removal",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="letters.removal",
                        ),
                    ),
                    (
                        "folded",
                        models.GeneratedField(
                            db_persist=True,
                            expression=models.Func("name", function="letters_fold"),
                            output_field=models.TextField(db_collation="C"),
                        ),
                    ),
                    (
                        "folded_employer",
                        models.GeneratedField(
                            db_persist=True,
                            expression=models.Func("employer_name", function="letters_fold"),
                            output_field=models.TextField(db_collation="C"),
                        ),
                    ),
                    ("reason", models.CharField(blank=True, db_default="", default="", max_length=140)),
                    ("reason_shown", models.BooleanField(db_default=False, default=False)),
                    ("quotable", models.BooleanField(db_default=False, default=False)),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state", "shown")), fields=["letter", "-id"], name="signature_newest"
                        ),
                        models.Index(
                            condition=models.Q(("state", "shown")),
                            fields=["letter", "employer", "-id"],
                            name="signature_employer",
                        ),
                        models.Index(
                            condition=models.Q(("state", "shown")),
                            fields=["letter", "level", "-id"],
                            name="signature_level",
                        ),
                        models.Index(
                            condition=models.Q(("quotable", True), ("state", "shown")),
                            fields=["letter", "-id"],
                            name="signature_quotable",
                        ),
                        models.Index(
                            condition=models.Q(("removal__isnull", False)),
                            fields=["removal", "id"],
                            name="signature_removal",
                        ),
                        models.Index(
                            condition=models.Q(("state", "shown")),
                            fields=["letter", "role_group", "-id"],
                            name="signature_role",
                        ),
                        models.Index(
                            condition=models.Q(("state", "shown")),
                            fields=["letter", "folded", "id"],
                            name="signature_by_name",
                        ),
                        models.Index(
                            condition=models.Q(("state", "shown")),
                            fields=["letter", "folded_employer", "folded", "id"],
                            name="signature_by_employer",
                        ),
                        django.contrib.postgres.indexes.GinIndex(
                            django.contrib.postgres.indexes.OpClass("folded", name="gin_trgm_ops"),
                            condition=models.Q(("state", "shown")),
                            name="signature_search",
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("level", "work"), _negated=True), ("employer__isnull", False), _connector="OR"
                            ),
                            name="signature_work_mail_means_a_known_employer",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("former", False),
                                models.Q(("employer__isnull", True), ("level", "reviewed")),
                                _connector="OR",
                            ),
                            name="signature_of_a_former_employee_was_reviewed",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("state__in", ["held", "shown"]),
                                    ("withdrawn_on__isnull", True),
                                    models.Q(("name", ""), _negated=True),
                                ),
                                models.Q(
                                    ("employer_name", ""),
                                    ("name", ""),
                                    ("role", ""),
                                    ("state", "withdrawn"),
                                    ("tag", None),
                                    ("withdrawn_on__isnull", False),
                                ),
                                models.Q(
                                    ("state", "removed"),
                                    ("withdrawn_on__isnull", True),
                                    models.Q(
                                        models.Q(("name", ""), _negated=True),
                                        models.Q(("employer_name", ""), ("role", ""), ("tag", None)),
                                        _connector="OR",
                                    ),
                                ),
                                _connector="OR",
                            ),
                            name="signature_withdrawn_keeps_no_name",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("reason", ""), ("reason_shown", False)),
                                models.Q(
                                    models.Q(("reason", ""), _negated=True), models.Q(("name", ""), _negated=True)
                                ),
                                _connector="OR",
                            ),
                            name="signature_reason_goes_with_the_name",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("quotable", False), models.Q(("name", ""), _negated=True), _connector="OR"
                            ),
                            name="signature_quotable_has_a_name",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("removal__isnull", True), models.Q(("state", "removed"), _negated=True)),
                                models.Q(("removal__isnull", False), ("state__in", ["held", "shown", "removed"])),
                                _connector="OR",
                            ),
                            name="signature_removed_knows_by_what",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Cell",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    (
                        "role_group",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("engineering", "Engineering"),
                                ("research", "Research"),
                                ("design", "Design"),
                                ("product", "Product"),
                                ("operations", "Operations and support"),
                                ("business", "Business, sales and policy"),
                                ("leadership", "Leadership"),
                                ("", "Other or not stated"),
                            ],
                            max_length=16,
                        ),
                    ),
                    ("public", models.PositiveIntegerField(default=0)),
                    ("confidential", models.PositiveIntegerField(default=0)),
                    (
                        "employer",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="letters.employer",
                        ),
                    ),
                    (
                        "letter",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="+", to="letters.letter"
                        ),
                    ),
                    (
                        "version",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="+", to="letters.version"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("letter", "version", "employer", "role_group"),
                            name="cell_once",
                            nulls_distinct=False,
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("confidential", 0), ("confidential__gte", 10), _connector="OR"),
                            name="cell_shows_no_small_group",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Waiting",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    (
                        "role_group",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("engineering", "Engineering"),
                                ("research", "Research"),
                                ("design", "Design"),
                                ("product", "Product"),
                                ("operations", "Operations and support"),
                                ("business", "Business, sales and policy"),
                                ("leadership", "Leadership"),
                                ("", "Other or not stated"),
                            ],
                            max_length=16,
                        ),
                    ),
                    ("count", models.PositiveIntegerField(default=0)),
                    (
                        "employer",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="letters.employer",
                        ),
                    ),
                    (
                        "letter",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="+", to="letters.letter"
                        ),
                    ),
                    (
                        "version",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="+", to="letters.version"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("letter", "version", "employer", "role_group"),
                            name="waiting_once",
                            nulls_distinct=False,
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Subscription",
                fields=[
                    ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ("topic", models.UUIDField()),
                    ("tag", models.BinaryField(max_length=32)),
                    ("sealed", models.BinaryField()),
                    (
                        "frequency",
                        models.CharField(
                            choices=[
                                ("instant", "as it happens, at most three mails a day"),
                                ("daily", "once a day, in the morning"),
                                ("weekly", "once a week, on Monday morning"),
                            ],
                            max_length=8,
                        ),
                    ),
                    ("time_zone", models.CharField(blank=True, max_length=64)),
                    ("told", models.PositiveIntegerField(null=True)),
                    ("next_at", models.DateTimeField(null=True)),
                    ("mails_on", models.DateField(null=True)),
                    ("mails_that_day", models.PositiveSmallIntegerField(default=0)),
                    ("confirmed_in", models.DateField()),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("next_at__isnull", False)),
                            fields=["topic", "next_at"],
                            name="subscription_due",
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("topic", "tag"), name="subscription_once_for_a_topic"),
                        models.CheckConstraint(
                            condition=models.Q(("frequency__in", ["instant", "daily", "weekly"])),
                            name="subscription_knows_its_frequency",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("confirmed_in__day", 1)), name="subscription_remembers_a_month_at_most"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("next_at__isnull", True),
                                models.Q(("told__isnull", False), models.Q(("time_zone", ""), _negated=True)),
                                _connector="OR",
                            ),
                            name="subscription_that_waits_knows_what_for_and_where",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("mails_on__isnull", True), ("mails_that_day", 0)),
                                models.Q(("mails_on__isnull", False), ("mails_that_day__gte", 1)),
                                _connector="OR",
                            ),
                            name="subscription_counts_mails_of_a_day",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Leaving",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("count", models.PositiveIntegerField(default=0)),
                    (
                        "employer",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="letters.employer",
                        ),
                    ),
                    (
                        "letter",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="+", to="letters.letter"
                        ),
                    ),
                    ("edition", models.PositiveSmallIntegerField(db_default=1, default=1)),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("letter", "edition", "employer"),
                            name="leaving_once_in_an_edition",
                            nulls_distinct=False,
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Pledge",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    (
                        "role_group",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("engineering", "Engineering"),
                                ("research", "Research"),
                                ("design", "Design"),
                                ("product", "Product"),
                                ("operations", "Operations and support"),
                                ("business", "Business, sales and policy"),
                                ("leadership", "Leadership"),
                                ("", "Other or not stated"),
                            ],
                            max_length=16,
                        ),
                    ),
                    (
                        "scope",
                        models.CharField(
                            choices=[("letter", "the letter"), ("employer", "the signer’s employer")], max_length=8
                        ),
                    ),
                    ("number", models.PositiveIntegerField()),
                    ("count", models.PositiveIntegerField(default=0)),
                    (
                        "employer",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="letters.employer",
                        ),
                    ),
                    (
                        "letter",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="+", to="letters.letter"
                        ),
                    ),
                    (
                        "version",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="+", to="letters.version"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("letter", "version", "employer", "role_group", "scope", "number"),
                            name="pledge_once",
                            nulls_distinct=False,
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("number__gte", 10)), name="pledge_waits_for_no_small_group"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("scope", "letter"),
                                models.Q(("employer__isnull", False), ("scope", "employer")),
                                _connector="OR",
                            ),
                            name="pledge_at_an_employer_knows_which",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Draft",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
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
                    ],
                },
            ),
            migrations.CreateModel(
                name="Case",
                fields=[
                    ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("name", "a name on hold"),
                                ("proof", "evidence of an employer"),
                                ("reason", "a signer’s line"),
                            ],
                            max_length=8,
                        ),
                    ),
                    ("why", models.CharField(blank=True, max_length=16)),
                    ("blocks", models.BooleanField()),
                    (
                        "state",
                        models.CharField(
                            choices=[("waiting", "waiting"), ("decided", "decided")], default="waiting", max_length=8
                        ),
                    ),
                    ("asked_on", models.DateField()),
                    (
                        "tags",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.UUIDField(), default=list, size=None
                        ),
                    ),
                    ("claimed_until", models.DateTimeField(null=True)),
                    ("first_agrees", models.BooleanField(null=True)),
                    ("decided_at", models.DateTimeField(null=True)),
                    ("sealed", models.BinaryField(null=True)),
                    ("former", models.BooleanField(default=False)),
                    (
                        "claimed_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "decided_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "employer",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="letters.employer",
                        ),
                    ),
                    (
                        "first_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "opened_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "signature",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="+", to="letters.publicsignature"
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state", "waiting")), fields=["asked_on", "id"], name="case_waits"
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("signature", "kind"), name="case_once_for_a_signature"),
                        models.CheckConstraint(
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
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("kind", "proof"), ("state", "waiting"), _negated=True),
                                models.Q(("employer__isnull", False), ("sealed__isnull", False)),
                                _connector="OR",
                            ),
                            name="case_that_waits_for_evidence_has_it",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("decided_at__isnull", True), ("state", "waiting")),
                                models.Q(
                                    ("claimed_until__isnull", True),
                                    ("decided_at__isnull", False),
                                    ("sealed__isnull", True),
                                    ("state", "decided"),
                                ),
                                _connector="OR",
                            ),
                            name="case_decided_has_its_moment_and_keeps_no_evidence",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("claimed_by__isnull", True), ("claimed_until__isnull", False), _connector="OR"
                            ),
                            name="case_claimed_lapses",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("decided_by", models.F("first_by")), _negated=True),
                            name="case_takes_two_members",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "decided"), ("why__in", ["listed", "notable"]), _negated=True),
                                models.Q(("first_agrees", True), ("first_agrees__isnull", False)),
                                _connector="OR",
                            ),
                            name="case_about_a_known_name_takes_two",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="HeldName",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("name", models.CharField(max_length=120)),
                    (
                        "directory",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="+", to="letters.directory"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("directory", "name"), name="held_name_once_in_a_directory")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Removal",
                fields=[
                    ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("planned", "waits for a second member"),
                                ("running", "under way"),
                                ("done", "done"),
                                ("reversing", "being put back"),
                                ("reversed", "put back"),
                                ("dropped", "dropped"),
                            ],
                            default="planned",
                            max_length=16,
                        ),
                    ),
                    ("reason", models.CharField(max_length=200)),
                    ("conditions", models.JSONField(default=dict)),
                    ("edition", models.PositiveSmallIntegerField(null=True)),
                    ("matched", models.PositiveIntegerField()),
                    ("removed", models.PositiveIntegerField(default=0)),
                    ("absorbed", models.PositiveIntegerField(default=0)),
                    ("planned_on", models.DateField()),
                    ("over_on", models.DateField(null=True)),
                    ("erased_on", models.DateField(null=True)),
                    (
                        "employer",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="letters.employer",
                        ),
                    ),
                    (
                        "letter",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="+", to="letters.letter"
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state__in", ["running", "reversing"])),
                            fields=["letter"],
                            name="removal_under_way",
                        )
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("employer__isnull", True),
                                models.Q(
                                    ("edition__isnull", False),
                                    ("matched__gte", 10),
                                    models.Q(("removed", 0), ("removed__gte", 10), _connector="OR"),
                                    ("absorbed__lte", models.F("removed")),
                                ),
                                _connector="OR",
                            ),
                            name="removal_takes_no_small_confidential_group",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("over_on__isnull", False), ("state__in", ["done", "reversed", "dropped"])),
                                models.Q(("over_on__isnull", True), ("state__in", ["planned", "running", "reversing"])),
                                _connector="OR",
                            ),
                            name="removal_over_has_its_day",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("erased_on__isnull", True), ("over_on__isnull", False), _connector="OR"
                            ),
                            name="removal_erased_is_over",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("reason", ""), _negated=True), name="removal_has_a_reason"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Pin",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
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
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
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
        ),
        migrations.RunSQL(_STANDS_STILL, _MOVES_AGAIN),
        migrations.RunSQL(_COUNTED_UNDER, "DROP FUNCTION letters_counted_under(uuid);"),
    ]
