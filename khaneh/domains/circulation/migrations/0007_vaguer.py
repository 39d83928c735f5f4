"""What is over becomes vaguer still: the day on which a request was placed for its hour, the day on which something was settled for its hour.
What was noted of damaged copies; requests in the logs of desks without a line.

Protects: a request that is over and nobody's may lose the hour at which it was placed, and nothing else of it changes; what was settled stays
settled by whom it was, on its day. Locks `circulation_conflict` and `circulation_offline_entry` while an index and a check are made, a few rows; two functions are replaced. Fails: never
halfway.
"""

import django.db.models.deletion
from django.db import migrations, models

_REQUEST = """
CREATE OR REPLACE FUNCTION circulation_request_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held boolean := TG_OP = 'UPDATE' AND OLD.state = 'on_shelf';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.ended_at IS NOT NULL AND ({changed}) THEN
            RAISE EXCEPTION 'request % stays what it was', OLD.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'circulation_request_kept';
        END IF;
        IF NEW.state <> OLD.state AND NOT (CASE OLD.state
            WHEN 'placed' THEN NEW.state <> 'placed'
            WHEN 'suspended' THEN NEW.state IN ('placed', 'fulfilled', 'cancelled', 'expired', 'unfilled')
            WHEN 'targeted' THEN NEW.state <> 'targeted'
            WHEN 'in_transit' THEN NEW.state IN ('on_shelf', 'placed', 'fulfilled', 'cancelled', 'expired')
            WHEN 'on_shelf' THEN NEW.state IN ('fulfilled', 'cancelled', 'expired', 'in_transit', 'placed')
            ELSE false END) THEN
            RAISE EXCEPTION 'a request does not go from % to %', OLD.state, NEW.state
                USING ERRCODE = 'check_violation', CONSTRAINT = 'circulation_request_steps';
        END IF;
        IF held AND (NEW.state <> 'on_shelf' OR NEW.captured_copy_id IS DISTINCT FROM OLD.captured_copy_id) THEN
            PERFORM circulation_release(OLD.captured_copy_id);
            held := false;
        END IF;
    END IF;
    IF NEW.state = 'on_shelf' AND NOT held THEN
        PERFORM circulation_occupy(NEW.captured_copy_id, NULL, NULL, NEW.id, 'on_hold_shelf');
    END IF;
    RETURN NULL;
END $$;
"""
_THING = (
    "(NEW.level, NEW.work_id, NEW.record_id, NEW.wanted_copy_id) IS DISTINCT FROM"
    " (OLD.level, OLD.work_id, OLD.record_id, OLD.wanted_copy_id)"
)
_CONFLICT = """
CREATE OR REPLACE FUNCTION circulation_conflict_once_settled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'open' AND ((NEW.state, NEW.settled_by_id, NEW.kind, NEW.number, NEW.device_id)
            IS DISTINCT FROM (OLD.state, OLD.settled_by_id, OLD.kind, OLD.number, OLD.device_id)
        OR {settled_at}) THEN
        RAISE EXCEPTION 'conflict % is settled', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0006_withdrawn_copies"),
        ("circulation", "0006_withdrawn_copies"),
        ("network", "0002_seasons"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="conflict",
            index=models.Index(
                condition=models.Q(models.Q(("state", "open"), _negated=True), models.Q(("reason", ""), _negated=True)),
                fields=["settled_at"],
                name="circulation_conflict_to_blur",
            ),
        ),
        migrations.RemoveConstraint(model_name="offlineentry", name="circulation_offline_entry_act"),
        migrations.AddConstraint(
            model_name="offlineentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("act__in", ["check_out", "check_in", "register", "request"])),
                name="circulation_offline_entry_act",
            ),
        ),
        migrations.CreateModel(
            name="Damage",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("noted_on", models.DateField()),
                ("note", models.TextField(blank=True, default="")),
                (
                    "copy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalogue.copy"
                    ),
                ),
                (
                    "house",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.house",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(
            _REQUEST.format(
                changed=f"{_THING} OR (NEW.placed_at <> OLD.placed_at AND NOT (OLD.member_id IS NULL"
                " AND NEW.placed_at = date_trunc('day', OLD.placed_at, 'UTC')))"
            )
            + _CONFLICT.format(
                settled_at="(NEW.settled_at <> OLD.settled_at AND NEW.settled_at <> date_trunc('day', OLD.settled_at, 'UTC'))"
            ),
            _REQUEST.format(changed=f"{_THING} OR NEW.placed_at <> OLD.placed_at")
            + _CONFLICT.format(settled_at="NEW.settled_at IS DISTINCT FROM OLD.settled_at"),
        ),
    ]
