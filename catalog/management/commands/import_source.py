"""Import what sources state about a series."""

import json
from collections.abc import Iterable

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from catalog.editing.ingest.plan import ImportPlan, ImportSource
from catalog.editing.ingest.plan_report import is_open, plan_data, plan_lines
from catalog.editing.ingest.read_files import group_files, read_every_series, read_source, settle_pages
from catalog.editing.ingest.result import ImportResult
from catalog.editing.ingest.run_import import ImportRefused, SeriesChoice, apply_imports, plan_sources
from catalog.fetching.fetched_text import FetchError
from catalog.management.source_arguments import AUTO, UsageError, load_files, split_arguments
from catalog.models import SourceFile
from catalog.sources.readers import READERS
from catalog.sources.series_claims import SourceError

REFUSED, USAGE, LEFT_OPEN = 1, 2, 3  # exit codes
Report = tuple[ImportPlan, ImportResult | None]  # no result if nothing was written


class Command(BaseCommand):
    """``python manage.py import_source KIND SOURCE…``: shows what would change; ``--apply`` writes it."""

    help = "Compare sources about a series with the catalogue and each other; with --apply, write what is new."

    def add_arguments(self, parser):
        parser.add_argument(
            "sources",
            nargs="+",
            metavar="KIND SOURCE",
            help=f"a kind, then the sources of it: files, or at TVmaze, Wikipedia, Wikidata and TMDB ids, titles or "
            f"addresses; then the next kind. Kinds: {AUTO} (files only), {', '.join(READERS)}",
        )
        parser.add_argument(
            "--series", default="", metavar="SLUG", help="the series, if it is not found by id or title"
        )
        parser.add_argument("--title", default="", help="the title of the series, if no source states it: of a table")
        parser.add_argument("--new", action="store_true", help="add the series if none of the catalogue matches")
        parser.add_argument("--apply", action="store_true", help="write what is ticked by default, in one edit")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args, sources, series, title, new, apply, **options):
        choice = SeriesChoice(series, title, new)
        try:
            files, notes = self.load(sources)
            imports = self.read(files)
            if series and len(imports) > 1:
                raise UsageError(f"The file is about {len(imports)} series: leave out --series.")
            reports: list[Report] = []
            if apply:
                kinds = dict.fromkeys(READERS[file.kind].label for file in files)
                reports += apply_imports(imports, choice, f"import_source: {', '.join(kinds)}")
            else:
                reports += [(plan_sources(group, choice), None) for group in self.progress("Comparing", imports)]
        except UsageError as error:
            raise CommandError(str(error), returncode=USAGE) from error
        except (SourceError, FetchError, ImportRefused) as error:
            raise CommandError(str(error), returncode=REFUSED) from error
        if options["json"]:
            data = {"imports": [plan_data(*report) for report in reports], "notes": notes}
            self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2))
        else:
            self.print_words(reports, notes)
        if notes or any(is_open(*report) for report in reports):
            raise SystemExit(LEFT_OPEN)

    def load(self, arguments: list[str]) -> tuple[list[SourceFile], list[str]]:
        """(files, notes about what was not fetched) of all arguments."""
        files, notes = [], []
        for kind, text in self.progress("Loading", list(split_arguments(arguments))):
            added, more_notes = load_files(kind, text)
            files += added
            notes += more_notes
        return files, notes

    def read(self, files: list[SourceFile]) -> list[list[ImportSource]]:
        """The sources of each series: of several files about one, or of one file about one or more."""
        if len(files) == 1 and len(sources := read_every_series(files[0])) > 1:
            return [[source] for source in sources]
        return [settle_pages([read_source(group) for group in self.progress("Reading", group_files(files))])]

    def print_words(self, reports: list[Report], notes: list[str]) -> None:
        """The plans, and what was written."""
        for plan, result in reports:
            lines = [*plan_lines(plan)]
            if result is None:
                lines.append("Nothing was written: add --apply for that.")
            else:  # the plan says already what has no place
                lines += [sentence for sentence in result.sentences() if sentence not in result.unmapped]
            self.stdout.write("\n".join([*lines, ""]))
        for note in notes:
            self.stdout.write(note)

    @staticmethod
    def progress(what: str, items: list) -> Iterable:
        """The items, with a progress bar at a terminal."""
        return tqdm(items, what, disable=None, leave=False)
