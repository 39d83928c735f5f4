"""The parents of contributions and copies are looked up once for a statement, not row by row.

Protects what the foreign keys protected: a contribution's record, source and batch and a copy's record and contribution are there. A
foreign key asks, and locks the parent's row, for every row by itself, which took a third of the database's work in an import. Here one
trigger asks for all rows that a statement brought; none of the parents needs a lock, because none may ever go: records, contributions,
sources and batches refuse to be deleted, truncated or numbered anew.

Locks both tables and their parents for a moment to let the constraints go; no row is read or written. Fails where a table is in use for
longer than `lock_timeout`, and then nothing has changed. Backwards, the foreign keys are made and checked again.
"""

import django.db.models.deletion
from django.db import migrations, models

_PARENTS = """
CREATE FUNCTION catalogue_refuse_other_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a row of % keeps its number', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""

_KEPT = """
CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION catalogue_refuse_loss();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION catalogue_refuse_loss();
"""
_NUMBERED = """
CREATE TRIGGER {table}_number BEFORE UPDATE OF id ON {table}
    FOR EACH ROW WHEN (NEW.id IS DISTINCT FROM OLD.id) EXECUTE FUNCTION catalogue_refuse_other_number();
"""

# A scalar subquery is asked row by row through the parent's index, whatever the planner believes of a table that grows as it plans.
_CHECKED = """
CREATE FUNCTION {table}_parents() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    orphan bigint;
BEGIN
    SELECT i.id INTO orphan FROM incoming AS i WHERE {missing} LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'row % of {table} names a parent that is not there', orphan USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION {table}_parent() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    IF EXISTS (SELECT FROM (SELECT NEW.*) AS i WHERE {missing}) THEN
        RAISE EXCEPTION 'row % of {table} names a parent that is not there', NEW.id USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER {table}_parents AFTER INSERT ON {table} REFERENCING NEW TABLE AS incoming
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_parents();
CREATE TRIGGER {table}_parent AFTER UPDATE OF {columns} ON {table}
    FOR EACH ROW WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION {table}_parent();
"""

_KEEPS = ("catalogue_record", "catalogue_source", "catalogue_import_batch")
_PARENTS_OF = {
    "catalogue_contribution": {
        "record_id": "catalogue_record",
        "source_id": "catalogue_source",
        "batch_id": "catalogue_import_batch",
    },
    "catalogue_copy": {"record_id": "catalogue_record", "contribution_id": "catalogue_contribution"},
}


def _forwards() -> str:
    parts = [_PARENTS]
    parts += [_KEPT.format(table=table) for table in _KEEPS]
    parts += [_NUMBERED.format(table=table) for table in (*_KEEPS, "catalogue_contribution")]
    for table, parents in _PARENTS_OF.items():
        missing = " OR ".join(
            f"(i.{column} IS NOT NULL AND (SELECT p.id FROM {parent} AS p WHERE p.id = i.{column}) IS NULL)"  # noqa: S608 - names from above
            for column, parent in parents.items()
        )
        old, new = (", ".join(f"{row}.{column}" for column in parents) for row in ("OLD", "NEW"))
        parts.append(_CHECKED.format(table=table, missing=missing, columns=", ".join(parents), old=old, new=new))
    return "".join(parts)


def _backwards() -> str:
    parts = [
        f"DROP TRIGGER {table}_parents ON {table}; DROP TRIGGER {table}_parent ON {table};"
        f"DROP FUNCTION {table}_parents(), {table}_parent();"
        for table in _PARENTS_OF
    ]
    parts += [f"DROP TRIGGER {table}_kept ON {table}; DROP TRIGGER {table}_no_truncate ON {table};" for table in _KEEPS]
    parts.append("DROP FUNCTION catalogue_refuse_other_number() CASCADE;")
    return "".join(parts)


def _unconstrained(model: str, name: str, to: str, related_name: str, **options: bool) -> migrations.AlterField:
    field = models.ForeignKey(
        db_constraint=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        to=f"catalogue.{to}",
        **options,
    )
    return migrations.AlterField(model_name=model, name=name, field=field)


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0002_copies_for_lending"),
    ]

    operations = [
        _unconstrained("contribution", "record", "record", "contributions"),
        _unconstrained("contribution", "source", "source", "contributions", db_index=False),
        _unconstrained("contribution", "batch", "importbatch", "contributions", db_index=False),
        _unconstrained("copy", "record", "record", "copies"),
        _unconstrained("copy", "contribution", "contribution", "copies", null=True),
        migrations.RunSQL(_forwards(), _backwards()),
    ]
