"""What a running import met unchanged is remembered from chunk to chunk.

Protects: a control number that a file uses twice makes two records wherever a chunk ends, also when the first of the two is as it was.
Locks nothing that exists. Fails as a whole.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("catalogue", "0004_questions_follow_records"),)

    operations = (
        migrations.CreateModel(
            name="SeenAgain",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "batch_id", "contribution_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("batch_id", models.BigIntegerField()),
                ("contribution_id", models.BigIntegerField()),
            ],
            options={"db_table": "catalogue_seen_again"},
        ),
    )
