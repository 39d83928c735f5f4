"""Nobody teaches in two runs at the same hour.

Protects: for each teacher of a run that is not cancelled and each of its meetings there is a row with the time, written by triggers; an
exclusion constraint keeps two of one person from overlapping. Locks `learning_run`, `learning_meeting` and `learning_runteacher` while the
triggers are made and the meetings to come are taken over. Cannot fail on rows: where somebody stands in two runs at one hour already, the
run that was planned first counts, and the other stays as it was until its times or teachers are changed.
"""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FILL = """
CREATE FUNCTION learning_teaching_of_teacher() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO learning_teaching (teacher_id, meeting_id, account_id, during)
    SELECT NEW.id, m.id, NEW.account_id, tstzrange(m.starts, m.ends)
    FROM learning_meeting m JOIN learning_run r ON r.id = m.run_id
    WHERE m.run_id = NEW.run_id AND r.state <> 'cancelled';
    RETURN NULL;
END $$;
CREATE TRIGGER learning_teaching_of_teacher AFTER INSERT ON learning_runteacher
    FOR EACH ROW EXECUTE FUNCTION learning_teaching_of_teacher();

CREATE FUNCTION learning_teaching_of_meeting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        UPDATE learning_teaching SET during = tstzrange(NEW.starts, NEW.ends) WHERE meeting_id = NEW.id;
        RETURN NULL;
    END IF;
    INSERT INTO learning_teaching (teacher_id, meeting_id, account_id, during)
    SELECT t.id, NEW.id, t.account_id, tstzrange(NEW.starts, NEW.ends)
    FROM learning_runteacher t JOIN learning_run r ON r.id = t.run_id
    WHERE t.run_id = NEW.run_id AND r.state <> 'cancelled';
    RETURN NULL;
END $$;
CREATE TRIGGER learning_teaching_of_meeting AFTER INSERT OR UPDATE OF starts, ends ON learning_meeting
    FOR EACH ROW EXECUTE FUNCTION learning_teaching_of_meeting();

CREATE FUNCTION learning_teaching_given_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM learning_teaching WHERE meeting_id IN (SELECT id FROM learning_meeting WHERE run_id = NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER learning_teaching_given_up AFTER UPDATE OF state ON learning_run
    FOR EACH ROW WHEN (NEW.state = 'cancelled' AND OLD.state <> 'cancelled') EXECUTE FUNCTION learning_teaching_given_up();

INSERT INTO learning_teaching (teacher_id, meeting_id, account_id, during)
SELECT t.id, m.id, t.account_id, tstzrange(m.starts, m.ends)
FROM learning_runteacher t
JOIN learning_run r ON r.id = t.run_id AND r.state IN ('planned', 'open', 'running')
JOIN learning_meeting m ON m.run_id = r.id AND m.ends > now()
ORDER BY r.planned_at, r.id, m.starts
ON CONFLICT DO NOTHING;
"""
UNDO = "DROP FUNCTION learning_teaching_of_teacher, learning_teaching_of_meeting, learning_teaching_given_up CASCADE"


class Migration(migrations.Migration):
    dependencies = [
        ("learning", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Teaching",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="learning.meeting"
                    ),
                ),
                (
                    "teacher",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="learning.runteacher"
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("account", "="), ("during", "&&")], name="learning_teaching_one_place"
                    )
                ],
            },
        ),
        migrations.RunSQL(FILL, UNDO),
    ]
