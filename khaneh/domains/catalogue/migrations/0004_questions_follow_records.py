"""A question whether two records are one follows the records, and a merge remembers which works it moved records out of.

Protects: `standing_left` and `standing_right` of a pair are the records that stand for its two, the older first, whoever merges or
undoes. A trigger fills them where a pair is made, another follows every change of `merged_into_id`; neither runs while an import writes
records that nobody has asked about yet.

Locks `catalogue_review_pair` and `catalogue_merge_decision` while columns are added (both small: a row a question, a row a merge; no
default is written into rows that are there but the numbers of the questions). Fails as a whole.
"""

from django.db import migrations, models

FOLLOW = """
CREATE FUNCTION catalogue_standing(asked bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    WITH RECURSIVE up(id, merged_into_id) AS (
        SELECT id, merged_into_id FROM catalogue_record WHERE id = asked
        UNION SELECT r.id, r.merged_into_id FROM up JOIN catalogue_record AS r ON r.id = up.merged_into_id
    ) SELECT id FROM up WHERE merged_into_id IS NULL
$$;

CREATE FUNCTION catalogue_pair_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    one bigint := coalesce(catalogue_standing(NEW.left_id), NEW.left_id);
    other bigint := coalesce(catalogue_standing(NEW.right_id), NEW.right_id);
BEGIN
    NEW.standing_left := least(one, other);
    NEW.standing_right := greatest(one, other);
    RETURN NEW;
END $$;
CREATE TRIGGER catalogue_review_pair_stands BEFORE INSERT ON catalogue_review_pair
    FOR EACH ROW EXECUTE FUNCTION catalogue_pair_stands();

CREATE FUNCTION catalogue_pairs_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Of a record that is merged away: what it stood for. Of one that stands again: what was asked of it and of all below it.
    UPDATE catalogue_review_pair AS p
    SET standing_left = least(catalogue_standing(p.left_id), catalogue_standing(p.right_id)),
        standing_right = greatest(catalogue_standing(p.left_id), catalogue_standing(p.right_id))
    WHERE p.id IN (
        WITH RECURSIVE below(id) AS (
            SELECT NEW.id UNION SELECT r.id FROM catalogue_record AS r JOIN below AS b ON r.merged_into_id = b.id
        )
        SELECT q.id FROM catalogue_review_pair AS q JOIN below AS b ON q.left_id = b.id
        UNION SELECT q.id FROM catalogue_review_pair AS q JOIN below AS b ON q.right_id = b.id
    );
    RETURN NULL;
END $$;
CREATE TRIGGER catalogue_record_pairs_follow AFTER UPDATE OF merged_into_id ON catalogue_record
    FOR EACH ROW WHEN (OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id) EXECUTE FUNCTION catalogue_pairs_follow();

UPDATE catalogue_review_pair
SET standing_left = least(catalogue_standing(left_id), catalogue_standing(right_id)),
    standing_right = greatest(catalogue_standing(left_id), catalogue_standing(right_id));
"""

STAY = """
DROP TRIGGER catalogue_record_pairs_follow ON catalogue_record;
DROP TRIGGER catalogue_review_pair_stands ON catalogue_review_pair;
DROP FUNCTION catalogue_pairs_follow(), catalogue_pair_stands(), catalogue_standing(bigint);
"""


class Migration(migrations.Migration):
    dependencies = (("catalogue", "0003_parents_checked_at_once"),)

    operations = (
        migrations.AddField("mergedecision", "works", models.JSONField(null=True)),
        migrations.AddField("reviewpair", "standing_left", models.BigIntegerField(db_default=0, editable=False)),
        migrations.AddField("reviewpair", "standing_right", models.BigIntegerField(db_default=0, editable=False)),
        migrations.RunSQL(FOLLOW, STAY),
        migrations.AddIndex(
            "reviewpair", models.Index(fields=["standing_left", "standing_right"], name="catalogue_review_standing")
        ),
        migrations.AddIndex("reviewpair", models.Index(fields=["standing_right"], name="catalogue_review_right")),
    )
