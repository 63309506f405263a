"""Users, and the mail that we owe."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("accounts", "0001_initial"),
        ("accounts", "0002_lanes"),
        ("accounts", "0003_suppression"),
        ("accounts", "0004_groups"),
        ("accounts", "0005_suppressed_kinds"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail address")),
                ("display_name", models.CharField(blank=True, max_length=80, verbose_name="name shown to your team")),
                ("is_staff", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("joined_at", models.DateTimeField(auto_now_add=True)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="OutgoingMail",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=32)),
                ("queue", models.CharField(max_length=16)),
                ("at_most_once", models.BooleanField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sending", "Sending"),
                            ("sent", "Sent"),
                            ("dead", "Dead"),
                            ("uncertain", "Uncertain"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="waiting",
                        max_length=16,
                    ),
                ),
                ("sealed", models.BinaryField(null=True)),
                ("sealing_key", models.CharField(blank=True, max_length=40)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("lease", models.UUIDField(null=True)),
                ("leased_until", models.DateTimeField(null=True)),
                ("over_at", models.DateTimeField(null=True)),
                ("failure", models.CharField(blank=True, max_length=40)),
                ("lane", models.CharField(blank=True, db_default="", max_length=32)),
                ("group", models.CharField(blank=True, db_default="", max_length=64)),
                ("unwanted", models.BooleanField(db_default=False)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["queue", "lane", "at_most_once", "due_at"],
                        name="mail_due_by_lane",
                    ),
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["queue", "expires_at"], name="mail_expiring"
                    ),
                    models.Index(condition=models.Q(("state", "sending")), fields=["lane"], name="mail_under_way"),
                    models.Index(
                        condition=models.Q(("sealed__isnull", False), ("state__in", ["dead", "uncertain"])),
                        fields=["state"],
                        name="mail_undecided",
                    ),
                    models.Index(
                        condition=models.Q(("sealed__isnull", False), models.Q(("group", ""), _negated=True)),
                        fields=["group"],
                        name="mail_by_group",
                    ),
                    models.Index(condition=models.Q(("state", "sending")), fields=["leased_until"], name="mail_leased"),
                    models.Index(condition=models.Q(("over_at__isnull", False)), fields=["over_at"], name="mail_over"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("key",), name="mail_one_row_per_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sealed__isnull", False), ("state__in", ["waiting", "sending"])),
                            models.Q(
                                ("sealed__isnull", True), ("sealing_key", ""), ("state__in", ["sent", "cancelled"])
                            ),
                            ("state__in", ["dead", "uncertain"]),
                            _connector="OR",
                        ),
                        name="mail_is_sealed_only_while_it_is_owed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lease__isnull", False), ("leased_until__isnull", False), ("state", "sending")),
                            models.Q(
                                models.Q(("state", "sending"), _negated=True),
                                ("lease__isnull", True),
                                ("leased_until__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="mail_lease_comes_with_sending",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("over_at__isnull", True), ("state__in", ["waiting", "sending"])),
                            models.Q(
                                ("over_at__isnull", False), ("state__in", ["sent", "dead", "uncertain", "cancelled"])
                            ),
                            _connector="OR",
                        ),
                        name="mail_over_has_its_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "uncertain"), _negated=True), ("at_most_once", True), _connector="OR"
                        ),
                        name="mail_uncertain_is_at_most_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Lane",
            fields=[
                ("name", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("paid_until", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["paid_until"], name="lane_paid_until")],
            },
        ),
        migrations.CreateModel(
            name="HandledEvent",
            fields=[
                ("tag", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("noted_on", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="Suppression",
            fields=[
                ("tag", models.CharField(max_length=64, primary_key=True, serialize=False)),
                (
                    "reason",
                    models.CharField(choices=[("bounced", "Bounced"), ("complained", "Complained")], max_length=16),
                ),
                ("noted_on", models.DateField()),
                ("kind", models.CharField(blank=True, db_default="", max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="MailHold",
            fields=[
                ("group", models.CharField(max_length=64, primary_key=True, serialize=False)),
            ],
        ),
    ]
