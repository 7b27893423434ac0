"""Write what is ticked in a plan of an import from sources: records, citations, and claims that differ."""

from collections.abc import Set

from django.db import DEFAULT_DB_ALIAS, IntegrityError, transaction

from catalog.editing.ingest.plan import ImportPlan, PlannedRecord
from catalog.editing.ingest.result import ImportResult
from catalog.editing.ingest.source_records import SourceRecords
from catalog.editing.ingest.write_citations import CitationWriter
from catalog.editing.ingest.write_companies import CompanyWriter
from catalog.editing.ingest.write_context import WriteContext, taken_cells
from catalog.editing.ingest.write_credits import ImportCredits
from catalog.editing.ingest.write_parts import PartWriter
from catalog.editing.ingest.write_people import PeopleWriter, check_records_exist
from catalog.editing.ingest.write_values import ValueWriter, write_links
from catalog.history.write_rows import ChangeRefused
from catalog.models import Character, Episode, Person, Role, Season, Series, Source
from catalog.models.change_recorder import changes_written_together

STALE = "Something that the import changes was changed in the meantime, so nothing was written: compare again."


def write_import(plan: ImportPlan) -> ImportResult:
    """Write a plan, inside the caller's ``record_edit``. All or nothing: ChangeRefused says why nothing was written.

    New records are drafts, and people as ``add_person`` does. The same import again changes nothing.
    """
    if plan.errors:
        raise ChangeRefused(plan.errors)
    try:
        with transaction.atomic(), changes_written_together(DEFAULT_DB_ALIAS):
            return ImportWriter(plan).write()
    except IntegrityError as error:
        raise ChangeRefused([STALE]) from error


class ImportWriter:
    """Writes one plan: first records and people, then what belongs to them, at the end the citations."""

    def __init__(self, plan: ImportPlan) -> None:
        self.plan, self.result = plan, ImportResult()
        self.sources = SourceRecords(plan.sources, plan.publishes)
        self.context = WriteContext(plan, self.result, CitationWriter(self.sources, self.result))
        self.values = ValueWriter(self.context)
        self.records = {planned.key: planned for planned in plan.records}

    def write(self) -> ImportResult:
        """Write everything that is ticked."""
        self.result.unmapped += [sentence for _, sentence in self.plan.unmapped]
        check_records_exist(self.plan)
        published = [planned for planned in self.plan.records if not planned.may_change]
        self.result.published += [planned.label for planned in published if any(map(taken_cells, planned.facts))]
        self._save_records()
        people = PeopleWriter(self.context, self.values, self.records)
        self._write_credits(people)
        self._write_parts()
        self.context.save_rows()
        self.context.citations.write()
        people.remember_answers()
        self.sources.link_files()
        if self.sources.added:
            self.result.added[Source] += len(self.sources.added)
        return self.result

    def _saved_records(self) -> list[PlannedRecord]:
        """The records that exist by now and that the user may change."""
        return [planned for planned in self.plan.records if planned.may_change and planned.record.pk is not None]

    def _save_records(self) -> None:
        """Save series, seasons and episodes. A new one is added only if something is taken of it or of its parts.

        A changed double episode may free the number of a new one, so existing records come first.
        """
        needed: set[int] = set()
        for planned in reversed(self.plan.records):
            record, is_taken = planned.record, any(map(taken_cells, planned.facts))
            if isinstance(record, Person) or not planned.is_new:
                continue
            if id(record) in needed or is_taken:
                owner = record.season if isinstance(record, Episode) else record
                needed |= {id(record), id(owner)} | ({id(owner.series)} if isinstance(owner, Season) else set())
        self._check_title(needed)
        seasons = {id(planned.record.season) for planned in self.plan.records if isinstance(planned.record, Episode)}
        for planned in sorted(self.plan.records, key=lambda planned: planned.is_new):
            if not planned.is_new or id(planned.record) in needed:
                self.values.save(planned)
            elif not isinstance(planned.record, Person):  # who is added with the first credit
                if planned.facts or id(planned.record) in seasons:  # else there was nothing to tick
                    self.result.not_added.append(planned.label)
                for fact in planned.facts:
                    self.context.note_left(planned, fact, ())

    def _check_title(self, needed: Set[int]) -> None:
        """Raise ChangeRefused for a new series without a title."""
        planned = next(planned for planned in self.plan.records if isinstance(planned.record, Series))
        if planned.is_new and id(planned.record) in needed:
            titles = [fact for fact in planned.facts if fact.name == "title" and taken_cells(fact)]
            if not (titles or self.plan.series.title):
                raise ChangeRefused(["The new series has no title: tick one."])

    def _write_credits(self, people: PeopleWriter) -> None:
        roles = {role.slug: role for role in Role.objects.select_related("department")}
        credits = ImportCredits(self.context, people, roles)
        for planned in self._saved_records():
            credits.write(planned)
        if characters := credits.writer.result.characters:
            self.result.added[Character] += len(characters)

    def _write_parts(self) -> None:
        parts = PartWriter(self.context)
        for planned in self._saved_records():
            self.values.cite(planned)
            parts.write(planned)
            if isinstance(planned.record, Series):
                CompanyWriter(self.context, planned.record).write(planned)
                write_links(self.context, planned.record, planned)
