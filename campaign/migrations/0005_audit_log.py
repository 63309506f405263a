"""The log of what members did: the database itself refuses to change it, or to lose a line of it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION campaign_audit_stands_still() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- An account that is deleted leaves what it did, without itself.
    IF NEW.by_id IS NULL AND to_jsonb(NEW) - 'by_id' = to_jsonb(OLD) - 'by_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'what was noted is never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER audit_stands_still BEFORE UPDATE ON campaign_auditentry
    FOR EACH ROW EXECUTE FUNCTION campaign_audit_stands_still();
CREATE FUNCTION campaign_audit_goes_with_its_campaign() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM campaign_campaign WHERE id = OLD.campaign_id) THEN
        RAISE EXCEPTION 'what was noted goes only with its campaign' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
-- At the end of the transaction, because rows that hang on a campaign are deleted before it.
CREATE CONSTRAINT TRIGGER audit_goes_with_its_campaign AFTER DELETE ON campaign_auditentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION campaign_audit_goes_with_its_campaign();
"""
BACKWARD = """
DROP TRIGGER audit_goes_with_its_campaign ON campaign_auditentry;
DROP FUNCTION campaign_audit_goes_with_its_campaign();
DROP TRIGGER audit_stands_still ON campaign_auditentry;
DROP FUNCTION campaign_audit_stands_still();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("campaign", "0004_news_as_checked"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("by_person", models.BooleanField()),
                ("what", models.CharField(max_length=40)),
                ("about", models.CharField(max_length=300)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("count", models.PositiveIntegerField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="audit_entries",
                        to="campaign.campaign",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "audit entries",
                "indexes": [models.Index(fields=["campaign", "-id"], name="audit_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", True), ("by_person", True), _connector="OR"),
                        name="audit_entry_of_a_member_is_by_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("about__regex", "[^\\s@<>]+@[^\\s@<>]+\\.[^\\s@<>]+"), _negated=True),
                            models.Q(("reason__regex", "[^\\s@<>]+@[^\\s@<>]+\\.[^\\s@<>]+"), _negated=True),
                        ),
                        name="audit_entry_names_no_address",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
