"""A house in service can be assessed that was never proposed: until it is submitted, the assessment belongs to the house itself.

Protects: an assessment is of one thing (a proposal, a passport or a house); one at a time is written of a house; none is submitted without
the passport that it makes. Locks `founding_assessment` while its rows are read for the constraints (the column is added without rewriting
them) and `network_house` for the moment in which the foreign key is added. Cannot fail on rows: the column begins empty, and what the old
constraint let in, the wider one does.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("founding", "0001_initial"),
        ("network", "0004_withdrawn_organisations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="assessment",
            name="founding_assessment_of_one",
        ),
        migrations.AddField(
            model_name="assessment",
            name="house",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("house__isnull", True), ("passport__isnull", True), ("proposal__isnull", False)),
                    models.Q(("house__isnull", True), ("passport__isnull", False), ("proposal__isnull", True)),
                    models.Q(
                        ("entry__isnull", True),
                        ("house__isnull", False),
                        ("passport__isnull", True),
                        ("proposal__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="founding_assessment_of_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "drafted")),
                fields=("house",),
                name="founding_assessment_first_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("house__isnull", True), models.Q(("state", "submitted"), _negated=True), _connector="OR"
                ),
                name="founding_assessment_first_makes_a_passport",
            ),
        ),
    ]
