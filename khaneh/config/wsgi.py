"""The WSGI entry point, which `khaneh serve` uses: every page is synchronous, and threads are what the database pool counts."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khaneh.config.settings")
application = get_wsgi_application()
