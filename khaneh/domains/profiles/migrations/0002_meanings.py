"""Vectors of the texts that tell of competence.

One new table; nothing that stands is locked or changed, and what fails leaves nothing behind. Its rows are derived: without them people are
compared by words alone until the job has run.
"""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """The table of `profiles.Meaning`."""

    dependencies = [("profiles", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Meaning",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("version", models.TextField()),
                ("vector", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")), name="profiles_meaning_digest"
                    )
                ]
            },
        ),
    ]
