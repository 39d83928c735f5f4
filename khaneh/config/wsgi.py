"""The WSGI entry point, which `khaneh serve` uses: every page is synchronous, and threads are what the database pool counts."""

import os

from django.core.wsgi import get_wsgi_application

from khaneh.infrastructure.processes import die_with_parent

if os.environ.get("KHANEH_SUPERVISED"):
    # A server's process that dies hard must not leave its children holding the port.
    die_with_parent()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khaneh.config.settings")
application = get_wsgi_application()
