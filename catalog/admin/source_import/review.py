"""A review: the plan of an import with what the editor selected so far, and what a submitted page changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.core.cache import cache
from django.http import HttpRequest, QueryDict

from catalog.admin.edits import edit_summary
from catalog.admin.source_import.review_pages import (
    PEOPLE,
    ReviewPage,
    find_page,
    is_person,
    record_tables,
    review_pages,
)
from catalog.editing.episode_plan import PERSON_FIELD_PREFIX
from catalog.editing.fingerprint import fingerprint
from catalog.editing.ingest.choices import (
    ImportChoices,
    tick_agreed,
    toggle_fact,
    toggle_source,
    untick_all,
)
from catalog.editing.ingest.compare import plan_import
from catalog.editing.ingest.match_series import match_sources, states_title
from catalog.editing.ingest.plan import ImportPlan, ImportSource, PlannedRecord
from catalog.editing.ingest.read_files import group_files, read_source, read_source_files
from catalog.editing.ingest.source_records import source_labels
from catalog.editing.permissions import may_publish
from catalog.editing.person_matching import NEW
from catalog.models import Series, SourceFile, SourceImport
from catalog.models.bounds import max_length
from catalog.sources.series_claims import SourceError

CLAIMS_SECONDS = 1800
MAX_TITLE_LENGTH = max_length(Series, "title")
ONLY_OPEN = "open"  # the view that shows what needs a decision


def import_files(source_import: SourceImport) -> list[SourceFile]:
    """The files of an import in the order in which they were added, on which the ticks of its cells depend."""
    rows = SourceImport.files.through.objects.filter(sourceimport=source_import.pk).order_by("pk")
    return [row.sourcefile for row in rows.select_related("sourcefile")]


def read_again(files: list[SourceFile]) -> ImportSource:
    """The source of the files, whose claims are cached.

    Each page of a review needs them again, and reading four long articles takes two seconds.
    """
    key = fingerprint("claims", [(file.kind, file.sha256, file.url, file.revision, file.file_name) for file in files])
    claims = cache.get(key)
    if claims is None:
        claims = read_source(files).claims
        cache.set(key, claims, CLAIMS_SECONDS)
    return ImportSource(files[0].kind, claims, tuple(files))


def remove_file(source_import: SourceImport, pk: int) -> None:
    """Remove a file from an import; the ticks of other sources stay."""
    files = import_files(source_import)
    groups = [[file.pk for file in group] for group in group_files(files)]
    remaining = [[file.pk for file in group] for group in group_files(file for file in files if file.pk != pk)]
    choices = ImportChoices.from_json(source_import.choices)
    left = [[key for key in group if key != pk] for group in groups]
    choices.move_sources({old: remaining.index(group) for old, group in enumerate(left) if group})
    source_import.files.remove(pk)
    source_import.choices = choices.to_json()
    source_import.save(update_fields=["choices"])


def set_series(source_import: SourceImport, series: Series | None, title: str) -> None:
    """Compare the sources with another series; None: with the one that they match, or a new one with this title."""
    choices = ImportChoices.from_json(source_import.choices)
    if source_import.series != series:
        choices.series = ""
    choices.title, choices.typed_title = title or choices.title, title
    source_import.series, source_import.choices = series, choices.to_json()
    source_import.save(update_fields=["series", "choices"])


def _is_meant(record: PlannedRecord, key: str) -> bool:
    """True if a button of the table with this key, or without a key of all pages, is for the record."""
    return key in ("", record.key) or (key == PEOPLE and is_person(record))


@dataclass
class ImportReview:
    """The plan of an import for the user of a request. Without a ``plan`` it is not settled which series is meant."""

    request: HttpRequest
    source_import: SourceImport

    @cached_property
    def choices(self) -> ImportChoices:
        """What the editor selected so far."""
        return ImportChoices.from_json(self.source_import.choices)

    @cached_property
    def sources(self) -> list[ImportSource]:
        """The sources, read from the files. Raises SourceError."""
        sources = read_source_files(import_files(self.source_import), read_again)
        if not sources:
            raise SourceError("This import has no sources any more: add one.")
        return sources

    @cached_property
    def candidates(self) -> list[Series]:
        """Series of the catalogue that may be meant, that of the import first."""
        series = [self.source_import.series] if self.source_import.series else []
        claims = [source.claims for source in self.sources]
        return list(dict.fromkeys([*series, *match_sources(claims, self.choices.typed_title)]))

    @property
    def needs_title(self) -> bool:
        """True if the editor has to enter the title of a new series."""
        return self.series_answer == NEW and not states_title(source.claims for source in self.sources)

    @property
    def series_answer(self) -> str:
        """The series as the answer of the question: a primary key, NEW, or "" if somebody has to say it."""
        if self.source_import.series_id:
            return str(self.source_import.series_id)
        if self.choices.series == NEW or not self.candidates:
            return NEW
        return str(self.candidates[0].pk) if len(self.candidates) == 1 else ""

    @cached_property
    def plan(self) -> ImportPlan | None:
        """The plan with what was selected; None if it is not settled which series is meant."""
        answer = self.series_answer
        if not answer:
            return None
        series = next((series for series in self.candidates if str(series.pk) == answer), None)
        return plan_import(
            self.sources,
            series,
            self.choices.answers(),
            publishes=may_publish(self.request.user),
            may_add_people=self.request.user.has_perm("catalog.add_person"),
        )

    @cached_property
    def labels(self) -> list[str]:
        """The names of the sources."""
        return source_labels(self.sources)

    def pages(self, only_open: bool = False) -> list[ReviewPage]:
        """The pages of the plan."""
        return review_pages(self.plan, only_open) if self.plan else []

    def anchor(self, address: Mapping[str, str], key: str) -> str:
        """The anchor of the table with a key, or with the fact of that key, on a page; "" if it is not there."""
        page = find_page(self.pages(address.get("view") == ONLY_OPEN), address.get("page", ""))
        tables = record_tables(page.records, self.labels)
        with_key = (table for table in tables if key == table.key or any(row.fact.key == key for row in table.rows))
        return next((table.anchor for table in with_key), "")

    def read_page(self, data: QueryDict) -> None:
        """Note what a submitted page changed."""
        self.choices.add_ticks(set(data.get("ticked_before", "").splitlines()), set(data.getlist("take")))
        prefix = PERSON_FIELD_PREFIX
        answers = {name.removeprefix(prefix): str(data[name]) for name in data if name.startswith(prefix)}
        self.choices.add_answers(answers)
        self.choices.notes_disputes = "notes_disputes" in data
        self.choices.summary = edit_summary(self.request)[:300]
        if "title" in data:
            title = str(data["title"]).replace("\0", "")
            self.choices.typed_title = " ".join(title.split())[:MAX_TITLE_LENGTH]
            self.choices.title = self.choices.typed_title or self.choices.title

    def tick(self, command: str, argument: str) -> None:
        """Carry out a button that ticks several boxes, and note it in the choices."""
        if command == "proposed":
            self.choices.ticked, self.choices.unticked = set(), set()
            return
        plan = self.plan if command in ("row", "column", "agreed", "none") else None
        if plan is None:
            return
        source, _, key = argument.partition(":")
        if command == "row":
            for fact in plan.facts():
                if fact.key == argument:
                    toggle_fact(fact)
        elif command == "column" and source.isdecimal():
            toggle_source([record for record in plan.records if _is_meant(record, key)], int(source))
        elif command == "agreed":
            tick_agreed(plan)
        elif command == "none":
            untick_all(plan)
        self.choices.add_plan(plan)

    def save_choices(self) -> None:
        """Keep the choices for the next page."""
        self.source_import.choices = self.choices.to_json()
        self.source_import.save(update_fields=["choices"])
