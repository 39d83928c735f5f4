"""An organisation that withdraws is found no more and keeps its row, which what it did refers to.

Adds a column without a default: the table is locked for an instant, no row is written. Fails only where the lock is not had.
"""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("network", "0003_holidays_by_uid")]

    operations = [
        migrations.AddField(model_name="organisation", name="withdrawn_at", field=models.DateTimeField(null=True)),
    ]
