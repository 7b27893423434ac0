"""Import IMDb's data files into an empty catalogue."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from catalog.editing.bulk_import.run import BulkImportRefused, discard, import_files
from catalog.sources.series_claims import SourceError


class Command(BaseCommand):
    """``python manage.py import_imdb FOLDER``: see docs/operations/maintenance.md, "IMDb data files"."""

    help = "Import IMDb's data files into a catalogue that has only the vocabulary."

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="the files, or the folder with them")
        parser.add_argument(
            "--series", nargs="+", default=[], metavar="ID", help="import only these series, such as tt0000001"
        )
        parser.add_argument("--resume", action="store_true", help="go on with an import that was interrupted")
        parser.add_argument("--discard", action="store_true", help="take back an import that was interrupted")

    def handle(self, *args, paths, series, resume, **options):
        if options["discard"]:
            if not discard():
                raise CommandError("There is no import to take back.")
            self.stdout.write("The catalogue is empty again.")
            return
        try:
            progress = import_files(data_files(paths), series, resume=resume, report=self.report)
        except (BulkImportRefused, SourceError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(", ".join(f"{total:,} {what}" for what, total in progress.totals.items()) + ".")
        for sentence, (count, examples) in progress.omissions.items():
            example = f", such as {'; '.join(examples)}" if examples else ""
            self.stdout.write(f"Left out: {sentence}: {count:,}{example}.")

    def report(self, stage, seconds):
        """Print a line for a stage that is done."""
        self.stdout.write(f"{stage:<26}{seconds:8.1f} s")
        self.stdout.flush()


def data_files(paths):
    """The paths, and the data files in those that are folders."""
    files = []
    for path in paths:
        files += sorted([*path.glob("*.tsv"), *path.glob("*.tsv.gz")]) if path.is_dir() else [path]
    if not files:
        raise CommandError("Name the data files, or a folder with files that end in .tsv or .tsv.gz.")
    return files
