"""A process that imports a file and may be killed at any moment: python -m tests.races.catalogue.kill_me PATH RECORDS WORKERS."""

from __future__ import annotations

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "khaneh.config.settings"
    import django

    django.setup()

    from khaneh.domains.catalogue import services
    from khaneh.domains.catalogue.services.importing import run
    from khaneh.kernel.actor import SYSTEM

    run.RECORDS = int(sys.argv[2])
    services.import_file(actor=SYSTEM, path=Path(sys.argv[1]), workers=int(sys.argv[3]))
