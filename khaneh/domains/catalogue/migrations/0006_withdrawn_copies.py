"""Whether a copy is withdrawn is a column of its own, which no loan and no return changes.

Protects what the index of barcodes protected: a barcode names one copy that is not withdrawn. That index asked for the state, so that
every change of a state was written into each index of copies; without it PostgreSQL writes the row alone, beside the old one, for which
a tenth of each page is left free.

Locks `catalogue_copy` while it is written anew and its indexes with it (about ten seconds a million copies), for readers too: nothing is
lent meanwhile. Fails as a whole; needs as much room as the table has. Backwards, the old index is built and the column goes.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("catalogue", "0005_what_a_file_repeats"),)

    operations = (
        migrations.RemoveConstraint(model_name="copy", name="catalogue_copy_barcode"),
        migrations.RunSQL(
            "ALTER TABLE catalogue_copy SET (fillfactor = 90)", "ALTER TABLE catalogue_copy RESET (fillfactor)"
        ),
        migrations.AddField(
            model_name="copy",
            name="withdrawn",
            field=models.GeneratedField(
                db_persist=True, expression=models.Q(("state", "withdrawn")), output_field=models.BooleanField()
            ),
        ),
        migrations.AddConstraint(
            model_name="copy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("barcode__isnull", False), ("withdrawn", False)),
                fields=("barcode",),
                name="catalogue_copy_barcode",
            ),
        ),
    )
