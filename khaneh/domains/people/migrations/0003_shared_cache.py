"""What all web processes must know together for a few minutes: how often somebody tried to sign in, which one-time codes are used up.

Protects: a limit that holds for the site and not for each process. Django's database cache keeps the table within its size and throws
out what has expired. Locks nothing that exists. Cannot fail but where tables cannot be made. Nothing in it is worth a backup.
"""

from django.db import migrations

MAKE = """
CREATE TABLE people_shared_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX people_shared_cache_expires ON people_shared_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0002_members")]

    operations = [migrations.RunSQL(MAKE, "DROP TABLE people_shared_cache")]
