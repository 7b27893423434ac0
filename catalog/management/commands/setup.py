"""Prepare the site for serving."""

from django.core.management.base import BaseCommand

from catalog.management.site_setup import prepare_site


class Command(BaseCommand):
    """``python manage.py setup``: safe to run at any time; every start does."""

    help = (
        "Migrate, collect static files, load the fixtures into an empty catalogue, create groups and the first admin."
    )

    def add_arguments(self, parser):
        parser.add_argument("--sampler", action="store_true", help="load eleven more series, as samples")

    def handle(self, *args, sampler=False, **options):
        prepare_site(self.stdout.write, sampler)
