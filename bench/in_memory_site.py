"""Set up Django on an empty database in memory, for benches with data of their own.

Import it before any model.
"""

import os

import django
from django.conf import settings
from django.core.management import call_command

os.environ["DJANGO_SETTINGS_MODULE"] = "soundtrack_site.settings"
os.environ["DATABASE_URL"] = "sqlite://:memory:"
django.setup()
settings.STORAGES |= {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


def create_tables():
    """Run all migrations, without output."""
    call_command("migrate", verbosity=0)
