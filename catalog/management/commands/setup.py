"""Prepare the site for serving."""

from django.core.management.base import BaseCommand

from catalog.management.site_setup import prepare_site


class Command(BaseCommand):
    """``python manage.py setup``: safe to run at any time and at every start."""

    help = "Migrate, collect static files, load the fixtures into an empty catalogue, make the first admin account."

    def handle(self, *args, **options):
        """Do what is to be done, a line for each thing that was."""
        prepare_site(self.stdout.write)
