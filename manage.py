"""Django's own commands, for those who develop: `python manage.py makemigrations`. Operators use `khaneh`."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khaneh.config.settings")
    os.environ.setdefault("KHANEH_HOME", "var")
    execute_from_command_line(sys.argv)
