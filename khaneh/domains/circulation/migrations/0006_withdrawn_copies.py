"""The index of withdrawn copies asks for the column that says so, which no loan and no return changes.

Protects nothing: the same rows are found. Locks `catalogue_copy` against writers while it is read once (a second or two a million).
Fails as a whole.
"""

from django.db import migrations

_INDEX = "DROP INDEX IF EXISTS circulation_copy_withdrawn; CREATE INDEX circulation_copy_withdrawn ON catalogue_copy (barcode) WHERE {};"


class Migration(migrations.Migration):
    dependencies = (
        ("catalogue", "0006_withdrawn_copies"),
        ("circulation", "0005_offline"),
    )

    operations = (migrations.RunSQL(_INDEX.format("withdrawn"), _INDEX.format("state = 'withdrawn'")),)
