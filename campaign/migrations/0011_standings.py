import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Looked at when a transaction ends, from every side: the decision, its evidence, the entry, and the demand.
_RESTS_ON_EVIDENCE = """
CREATE FUNCTION campaign_standing_rests_on_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE concerned uuid[];
BEGIN
    IF TG_TABLE_NAME = 'campaign_standingdecision' THEN
        concerned := ARRAY[NEW.id];
    ELSIF TG_TABLE_NAME = 'campaign_standingdecision_evidence' THEN
        concerned := ARRAY[OLD.standingdecision_id];
    ELSIF TG_TABLE_NAME = 'campaign_entry' THEN
        concerned := ARRAY(
            SELECT standingdecision_id FROM campaign_standingdecision_evidence WHERE entry_id = NEW.id);
    ELSE
        concerned := ARRAY(SELECT id FROM campaign_standingdecision WHERE demand_id = NEW.id);
    END IF;
    IF EXISTS (
        SELECT FROM campaign_standingdecision AS decision
        JOIN campaign_demand AS demand ON demand.id = decision.demand_id
        WHERE decision.id = ANY (concerned) AND decision.state = 'checked' AND decision.ended_at IS NULL
            AND decision.standing <> 'unaddressed'
            AND NOT EXISTS (
                SELECT FROM campaign_standingdecision_evidence AS link
                JOIN campaign_entry AS entry ON entry.id = link.entry_id
                WHERE link.standingdecision_id = decision.id AND entry.state = 'checked'
                    AND (entry.kind = 'conduct' OR entry.kind = 'statement'
                        AND (entry.audience = 'public' OR NOT demand.must_be_public))))
    THEN
        RAISE EXCEPTION 'standing_rests_on_evidence: nothing checked bears this standing'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'standing_rests_on_evidence';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER standing_rests_on_evidence AFTER INSERT OR UPDATE ON campaign_standingdecision
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION campaign_standing_rests_on_evidence();
CREATE CONSTRAINT TRIGGER standing_rests_on_evidence AFTER UPDATE OR DELETE ON campaign_standingdecision_evidence
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION campaign_standing_rests_on_evidence();
CREATE CONSTRAINT TRIGGER standing_rests_on_evidence AFTER UPDATE OF state, kind, audience ON campaign_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION campaign_standing_rests_on_evidence();
CREATE CONSTRAINT TRIGGER standing_rests_on_evidence AFTER UPDATE OF must_be_public ON campaign_demand
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION campaign_standing_rests_on_evidence();
"""
_NO_MORE = """
DROP TRIGGER standing_rests_on_evidence ON campaign_standingdecision;
DROP TRIGGER standing_rests_on_evidence ON campaign_standingdecision_evidence;
DROP TRIGGER standing_rests_on_evidence ON campaign_entry;
DROP TRIGGER standing_rests_on_evidence ON campaign_demand;
DROP FUNCTION campaign_standing_rests_on_evidence();
"""


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("campaign", "0010_removal_decisions"),
        ("letters", "0004_taking_back"),
    ]

    operations = [
        migrations.CreateModel(
            name="Shown",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=80)),
                ("content", models.JSONField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="shown", to="campaign.campaign"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "shown",
                "indexes": [models.Index(fields=["campaign", "since"], name="shown_of_campaign")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("campaign", "subject"),
                        name="shown_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                        name="shown_ends_after_it_began",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StandingDecision",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("unaddressed", "unaddressed"),
                            ("acknowledged", "acknowledged"),
                            ("partly", "partly met"),
                            ("met", "met"),
                            ("refused", "refused"),
                            ("not-applicable", "claims not applicable"),
                            ("contradictory", "contradictory"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reason", models.TextField()),
                ("as_of", models.DateField(null=True)),
                ("who", models.TextField()),
                ("what", models.CharField(max_length=300)),
                ("imported", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waits for a second check"),
                            ("checked", "checked"),
                            ("rejected", "rejected"),
                        ],
                        default="waiting",
                        max_length=16,
                    ),
                ),
                ("decided_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField(null=True)),
                ("verdict", models.CharField(blank=True, max_length=300)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_because", models.CharField(blank=True, max_length=300)),
                (
                    "checked_by",
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
                    "demand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT, related_name="decisions", to="campaign.demand"
                    ),
                ),
                ("evidence", models.ManyToManyField(blank=True, related_name="decisions", to="campaign.entry")),
                (
                    "executive",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="decisions", to="campaign.executive"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True), ("state", "checked")),
                        fields=("executive", "demand"),
                        name="standing_once_in_a_cell",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("executive", "demand"),
                        name="standing_waits_once_in_a_cell",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("checked_at__isnull", True), ("state", "waiting")),
                            models.Q(models.Q(("state", "waiting"), _negated=True), ("checked_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="standing_checked_has_its_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "checked"), _negated=True),
                            ("checked_by__isnull", True),
                            ("decided_by__isnull", True),
                            models.Q(("checked_by", models.F("decided_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="standing_is_checked_by_a_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="standing_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ended_at__isnull", True), ("state", "checked"), _connector="OR"),
                        name="standing_that_ended_was_shown",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="entry",
            name="corrected_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="entry",
            name="correction",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="entry",
            name="corrects",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="corrections", to="campaign.entry"
            ),
        ),
        migrations.AlterField(
            model_name="entry",
            name="state",
            field=models.CharField(
                choices=[
                    ("recorded", "waits for a second check"),
                    ("checked", "checked"),
                    ("rejected", "rejected"),
                    ("corrected", "corrected"),
                ],
                default="recorded",
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("corrected_at__isnull", False),
                        ("state", "corrected"),
                        models.Q(("correction", ""), _negated=True),
                    ),
                    models.Q(models.Q(("state", "corrected"), _negated=True), ("corrected_at__isnull", True)),
                    _connector="OR",
                ),
                name="entry_corrected_has_its_moment_and_reason",
            ),
        ),
        migrations.RunSQL(_RESTS_ON_EVIDENCE, _NO_MORE),
    ]
