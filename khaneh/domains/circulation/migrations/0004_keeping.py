"""What lending keeps of people and records, and lets go of.

Protects: a line of the ledger stays what it was, except that its words and the loan it names may be emptied, and that it follows its member
into the membership they were merged into; a loan that is over and nobody's may become vaguer (its days for its hours), never more exact;
a loss that is settled may end without the copy being found, when its reader is forgotten. A request remembers what it was asked by, so that
a merge of records that is taken back takes the request back too.
Empties the keys by which the ledger named loans, and the hours, houses and clerks of the lines that lending wrote by itself.
Locks `circulation_request`, `circulation_loan` and `circulation_fee_entry` while columns, indexes and triggers are made. Fails: never halfway.
"""

import django.db.models.deletion
from django.db import migrations, models

LEDGER = """
CREATE FUNCTION circulation_fee_entry_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.kind, NEW.amount, NEW.currency, NEW.settles_id, NEW.method, NEW.house_id, NEW.by_id, NEW.at)
            IS DISTINCT FROM (OLD.id, OLD.kind, OLD.amount, OLD.currency, OLD.settles_id, OLD.method, OLD.house_id, OLD.by_id, OLD.at)
        OR NEW.note NOT IN (OLD.note, '')
        OR (NEW.key IS NOT NULL AND NEW.key IS DISTINCT FROM OLD.key)
        OR (NEW.loan_id IS NOT NULL AND NEW.loan_id IS DISTINCT FROM OLD.loan_id)
        OR (NEW.member_id <> OLD.member_id AND NOT EXISTS (
                SELECT FROM people_membermerge WHERE gone_id = OLD.member_id AND kept_id = NEW.member_id)) THEN
        RAISE EXCEPTION 'circulation_fee_entry is kept as it is'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'circulation_fee_entry_append_only';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER circulation_fee_entry_kept ON circulation_fee_entry;
UPDATE circulation_fee_entry
SET key = CASE WHEN key LIKE 'overdue:%' OR key LIKE 'undone:%' THEN NULL ELSE key END,
    at = date_trunc('day', at), house_id = NULL, by_id = NULL
WHERE kind IN ('overdue', 'lost', 'processing', 'refund');
CREATE TRIGGER circulation_fee_entry_kept BEFORE UPDATE ON circulation_fee_entry
    FOR EACH ROW EXECUTE FUNCTION circulation_fee_entry_changes();
CREATE TRIGGER circulation_fee_entry_no_delete BEFORE DELETE ON circulation_fee_entry
    FOR EACH ROW EXECUTE FUNCTION circulation_never();
"""
LEDGER_UNDO = """
DROP TRIGGER circulation_fee_entry_no_delete ON circulation_fee_entry;
DROP FUNCTION circulation_fee_entry_changes CASCADE;
CREATE TRIGGER circulation_fee_entry_kept BEFORE UPDATE OR DELETE ON circulation_fee_entry
    FOR EACH ROW EXECUTE FUNCTION circulation_never();
"""

_LOAN = """
CREATE OR REPLACE FUNCTION circulation_loan_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'open' AND NEW.ended_at IS NULL THEN
            RAISE EXCEPTION 'a loan begins open' USING ERRCODE = 'check_violation', CONSTRAINT = 'circulation_loan_begins_open';
        END IF;
        IF NEW.state = 'open' THEN
            PERFORM circulation_occupy(NEW.copy_id, NEW.id, NULL, NULL, 'on_loan');
        END IF;
        RETURN NULL;
    END IF;
    IF (NEW.copy_id, NEW.house_id) IS DISTINCT FROM (OLD.copy_id, OLD.house_id)
        OR ({lent_at})
        OR (NEW.member_id IS DISTINCT FROM OLD.member_id AND NEW.member_id IS NOT NULL AND OLD.member_id IS NULL) THEN
        RAISE EXCEPTION 'loan % stays what it was', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'circulation_loan_kept';
    END IF;
    IF NEW.state = OLD.state THEN
        RETURN NULL;
    END IF;
    IF (OLD.state, NEW.state) NOT IN ({steps}) THEN
        RAISE EXCEPTION 'a loan does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'circulation_loan_steps';
    END IF;
    IF NEW.state = 'lost' THEN
        UPDATE catalogue_copy SET state = 'lost' WHERE id = NEW.copy_id;
    ELSE
        PERFORM circulation_release(NEW.copy_id);
    END IF;
    RETURN NULL;
END $$;
"""
_STEPS = "('open', 'returned'), ('open', 'lost'), ('lost', 'found')"
LOAN = _LOAN.format(
    lent_at=(
        "NEW.lent_at <> OLD.lent_at AND NOT (OLD.ended_at IS NOT NULL AND OLD.member_id IS NULL"
        " AND NEW.lent_at = date_trunc('day', OLD.lent_at))"
    ),
    steps=f"{_STEPS}, ('lost', 'returned')",
)
LOAN_UNDO = _LOAN.format(lent_at="NEW.lent_at <> OLD.lent_at", steps=_STEPS)


class Migration(migrations.Migration):
    dependencies = [("circulation", "0003_inventories_runs_paces"), ("people", "0002_members")]

    operations = [
        migrations.AddField(
            model_name="request",
            name="asked_record",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalogue.record",
            ),
        ),
        migrations.AddField(
            model_name="request",
            name="asked_work",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalogue.work",
            ),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(
                condition=models.Q(("asked_record__isnull", False), ("ended_at__isnull", True)),
                fields=["asked_record"],
                name="circulation_request_asked_by",
            ),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True), ("record__isnull", False)),
                fields=["record"],
                name="circulation_request_of_record",
            ),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True), ("work__isnull", False)),
                fields=["work"],
                name="circulation_request_of_work",
            ),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(
                condition=models.Q(
                    ("decision_id__isnull", False), ("ended_at__isnull", False), ("member__isnull", True)
                ),
                fields=["ended_at"],
                name="circulation_request_to_blur",
            ),
        ),
        migrations.AddIndex(
            model_name="loan",
            index=models.Index(
                condition=models.Q(
                    ("decision_id__isnull", False), ("ended_at__isnull", False), ("member__isnull", True)
                ),
                fields=["ended_at"],
                name="circulation_loan_to_blur",
            ),
        ),
        migrations.RunSQL(LEDGER + LOAN, LEDGER_UNDO + LOAN_UNDO),
    ]
