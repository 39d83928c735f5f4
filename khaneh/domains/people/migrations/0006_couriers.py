"""A role for who drives the rounds and does nothing else at a desk.

Protects the lists of known roles, which gain one. Locks `people_roleassignment` and `people_token_role` while their rows are checked: a moment,
there are as many as there are staff. Fails as a whole.
"""

from django.db import migrations, models

_ROLES = (
    "administrator", "house_manager", "librarian", "cataloguer", "circulation", "courier", "programme_manager", "trainer", "broker",
    "reviewer", "council_member",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = (("people", "0005_proxy_offers"),)

    operations = (
        migrations.RemoveConstraint(model_name="roleassignment", name="people_role_known"),
        migrations.AddConstraint(
            model_name="roleassignment",
            constraint=models.CheckConstraint(condition=models.Q(role__in=list(_ROLES)), name="people_role_known"),
        ),
        migrations.RemoveConstraint(model_name="tokenrole", name="people_token_role_known"),
        migrations.AddConstraint(
            model_name="tokenrole",
            constraint=models.CheckConstraint(
                condition=models.Q(role__in=list(_ROLES)), name="people_token_role_known"
            ),
        ),
    )
