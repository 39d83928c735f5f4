"""Needs that come back without an answer, gathered, and what is made of them.

Protects: a need is in one gathering; what was decided on a gathering, which needs it holds, what the house that was asked answered and what
it made stay as they are; only a gathering on which nothing was decided goes. Locks nothing that exists, but for an instant the tables that
the new ones point to. Fails nowhere: it makes tables.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from khaneh.infrastructure.db.tables import Tables

KEPT = """
CREATE TRIGGER exchange_gathering_decided BEFORE UPDATE ON exchange_gathering FOR EACH ROW
    WHEN ((OLD.decision <> '' AND (NEW.decision, NEW.note, NEW.decided_at, NEW.house_id, NEW.made_at) IS DISTINCT FROM
        (OLD.decision, OLD.note, OLD.decided_at, OLD.house_id, OLD.made_at))
        OR (OLD.answer <> '' AND (NEW.answer, NEW.answer_note, NEW.answered_at, NEW.call_id, NEW.course_id) IS DISTINCT FROM
        (OLD.answer, OLD.answer_note, OLD.answered_at, OLD.call_id, OLD.course_id)))
    EXECUTE FUNCTION exchange_never();
CREATE TRIGGER exchange_gathering_no_delete BEFORE DELETE ON exchange_gathering FOR EACH ROW
    WHEN (OLD.decision <> '') EXECUTE FUNCTION exchange_never();

CREATE FUNCTION exchange_gathered_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM exchange_gathering WHERE decision <> '' AND (
            (TG_OP <> 'INSERT' AND id = OLD.gathering_id) OR (TG_OP <> 'DELETE' AND id = NEW.gathering_id))) THEN
        PERFORM exchange_refuse('the needs of a decided gathering stay what they were', 'exchange_gatheredneed_kept');
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER exchange_gathered_changes BEFORE INSERT OR UPDATE OR DELETE ON exchange_gatheredneed
    FOR EACH ROW EXECUTE FUNCTION exchange_gathered_changes();
"""

UNDO = """
DROP FUNCTION exchange_gathered_changes CASCADE;
DROP TRIGGER exchange_gathering_decided ON exchange_gathering;
DROP TRIGGER exchange_gathering_no_delete ON exchange_gathering;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0001_initial"),
        ("learning", "0002_one_place_at_a_time"),
        ("network", "0004_withdrawn_organisations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name="Gathering",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("meaning", models.FloatField(null=True)),
                    (
                        "words",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), default=list, size=None
                        ),
                    ),
                    ("sector", models.TextField(blank=True, default="")),
                    ("made_at", models.DateTimeField()),
                    ("decision", models.TextField(blank=True, default="")),
                    ("note", models.TextField(blank=True, default="")),
                    ("decided_at", models.DateTimeField(null=True)),
                    ("answer", models.TextField(blank=True, default="")),
                    ("answer_note", models.TextField(blank=True, default="")),
                    ("answered_at", models.DateTimeField(null=True)),
                    ("call_id", models.BigIntegerField(null=True)),
                    (
                        "answered_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "course",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="learning.course",
                        ),
                    ),
                    (
                        "decided_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "house",
                        models.ForeignKey(
                            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
                        ),
                    ),
                ],
                options={
                    "indexes": [models.Index(fields=["house", "-decided_at"], name="exchange_gathering_house")],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("decided_at__isnull", True), ("decision", ""), ("house__isnull", True)),
                                models.Q(
                                    ("decided_at__isnull", False),
                                    ("decision__in", ["call", "course", "purchase"]),
                                    ("house__isnull", False),
                                ),
                                models.Q(("decided_at__isnull", False), ("decision", "aside"), ("house__isnull", True)),
                                _connector="OR",
                            ),
                            name="exchange_gathering_decision",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("decision__in", ["aside", "purchase"]), _negated=True),
                                models.Q(("note", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="exchange_gathering_note",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("answer", ""), ("answered_at__isnull", True)),
                                models.Q(
                                    ("answer", "taken"),
                                    ("answered_at__isnull", False),
                                    ("decision__in", ["call", "course", "purchase"]),
                                ),
                                models.Q(
                                    ("answer", "declined"),
                                    ("answered_at__isnull", False),
                                    ("decision__in", ["call", "course", "purchase"]),
                                    models.Q(("answer_note", ""), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="exchange_gathering_answer",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("answer", "taken"),
                                    ("call_id__isnull", False),
                                    ("course__isnull", True),
                                    ("decision", "call"),
                                ),
                                models.Q(
                                    ("answer", "taken"),
                                    ("call_id__isnull", True),
                                    ("course__isnull", False),
                                    ("decision", "course"),
                                ),
                                models.Q(
                                    ("answer", "taken"),
                                    ("call_id__isnull", True),
                                    ("course__isnull", True),
                                    ("decision", "purchase"),
                                ),
                                models.Q(
                                    models.Q(("answer", "taken"), _negated=True),
                                    ("call_id__isnull", True),
                                    ("course__isnull", True),
                                ),
                                _connector="OR",
                            ),
                            name="exchange_gathering_made",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="GatheredNeed",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "need",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT, related_name="gathered", to="exchange.posting"
                        ),
                    ),
                    (
                        "gathering",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="members", to="exchange.gathering"
                        ),
                    ),
                ],
            ),
        ),
        migrations.RunSQL(KEPT, UNDO),
    ]
