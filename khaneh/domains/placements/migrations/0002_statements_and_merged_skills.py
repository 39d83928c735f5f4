"""What is said of who finished, ESCO's words for a skill, and what a skill was merged into.

Protects: a statement stays as it was said; it is confirmed once (a job alone, by somebody with a name) and withdrawn once. Locks
`placements_skill` for a moment: its columns have constant defaults or none and rewrite nothing. Fails nowhere: the table is new.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEPT = """
CREATE FUNCTION placements_statement_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.account_id, NEW.kind, NEW.since, NEW.told_on, NEW.said_by, NEW.place, NEW.by_staff, NEW.made_at)
        IS DISTINCT FROM (OLD.account_id, OLD.kind, OLD.since, OLD.told_on, OLD.said_by, OLD.place, OLD.by_staff, OLD.made_at)
        OR (OLD.confirmed_on IS NOT NULL AND (NEW.confirmed_on, NEW.confirmed_by) IS DISTINCT FROM (OLD.confirmed_on, OLD.confirmed_by))
        OR (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at) THEN
        RAISE EXCEPTION 'statement % stays as it was said', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'placements_statement_kept';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER placements_statement_changes AFTER UPDATE ON placements_statement
    FOR EACH ROW EXECUTE FUNCTION placements_statement_changes();
"""

UNDO = "DROP FUNCTION placements_statement_changes CASCADE;"


class Migration(migrations.Migration):
    dependencies = [
        ("placements", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="skill",
            name="esco_words",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
        ),
        migrations.AddField(
            model_name="skill",
            name="merged_into",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="placements.skill"
            ),
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("since", models.DateField()),
                ("told_on", models.DateField()),
                ("said_by", models.TextField()),
                ("place", models.TextField(blank=True, default="")),
                ("by_staff", models.BooleanField()),
                ("made_at", models.DateTimeField()),
                ("confirmed_on", models.DateField(null=True)),
                ("confirmed_by", models.TextField(blank=True, default="")),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["account"], name="placements_statement_of")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["job", "business", "study", "not_working"])),
                        name="placements_statement_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("said_by", "trainee"),
                            models.Q(("said_by", "employer"), ("confirmed_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="placements_statement_said_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("since__lte", models.F("told_on"))), name="placements_statement_since"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_by", ""), ("confirmed_on__isnull", True)),
                            models.Q(
                                ("confirmed_on__isnull", False),
                                ("kind", "job"),
                                models.Q(("confirmed_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="placements_statement_confirmed",
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEPT, UNDO),
    ]
