"""Tables of companies are taken in by a job, and how far it came stands beside them; the catalogue finds what few are by their own index.

Columns with a constant default and an index on a table of as many rows as tables were taken in: locked for milliseconds. What was taken in
before is done. The indexes of the catalogue are made in one pass of the profiles, which nobody changes meanwhile: half a second at 50,000.
What fails leaves nothing behind.
"""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """`profiles.CompanyImport` as work that goes on."""

    dependencies = [("profiles", "0002_meanings")]

    operations = [
        migrations.AddField("companyimport", "state", models.TextField(default="done")),
        migrations.AddField("companyimport", "digest", models.CharField(blank=True, default="", max_length=64)),
        migrations.AddField("companyimport", "total", models.IntegerField(default=0)),
        migrations.AddField("companyimport", "done", models.IntegerField(default=0)),
        migrations.AddField("companyimport", "problem", models.TextField(blank=True, default="")),
        migrations.AddField("companyimport", "started_at", models.DateTimeField(null=True)),
        migrations.AddField("companyimport", "beat_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "profile",
            models.Index(
                fields=["stage"], condition=models.Q(("state", "published")), name="profiles_profile_of_stage"
            ),
        ),
        migrations.AddIndex(
            "profile",
            models.Index(fields=["trl"], condition=models.Q(("state", "published")), name="profiles_profile_of_trl"),
        ),
        migrations.AddIndex(
            "companyimport",
            models.Index(
                fields=["beat_at"],
                condition=models.Q(("state__in", ["waiting", "running"])),
                name="profiles_import_at_work",
            ),
        ),
        migrations.AddConstraint(
            "companyimport",
            models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "running", "done", "failed"])),
                name="profiles_import_state",
            ),
        ),
        migrations.AddConstraint(
            "companyimport",
            models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["done", "failed"]), models.Q(("digest", ""), _negated=True), _connector="OR"
                ),
                name="profiles_import_file",
            ),
        ),
    ]
