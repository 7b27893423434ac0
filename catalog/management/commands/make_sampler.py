"""Make the fixture ``sampler`` from files of sources."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from catalog.management.sampler import make_sampler
from catalog.models import Series
from catalog.search.indexing import deferred_indexing


class Command(BaseCommand):
    """``DATABASE_URL=sqlite://:memory: python manage.py make_sampler FOLDER``: writes fixtures/sampler.json."""

    help = "Import the samples from a folder of source files into an empty catalogue, and dump them as a fixture."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="has the files that catalog/management/sampler.py names")

    def handle(self, *args, folder, **options):
        call_command("migrate", verbosity=0)
        if Series.objects.exists():
            raise CommandError("The catalogue is not empty: set DATABASE_URL=sqlite://:memory:.")
        with deferred_indexing():
            call_command("loaddata", "vocabulary", verbosity=0)
        make_sampler(folder, settings.BASE_DIR / "fixtures" / "sampler.json", self.stdout.write)
