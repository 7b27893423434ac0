"""Write the companies of a series: its networks, production companies and distributors."""

from django.core.exceptions import ValidationError

from catalog.editing.fitted_text import fit_text
from catalog.editing.ingest.plan import Cell, CompanyClaim, Fact, FactKind, PlannedRecord
from catalog.editing.ingest.write_context import WriteContext, differing_cells, first_of_each_key, taken_cells
from catalog.editing.ingest.write_parts import UsedIds
from catalog.history.write_rows import ChangeRefused
from catalog.models import Company, ExternalId, Series, SeriesCompany
from catalog.search.tokenizer import name_key

NAMES = "company"  # the field of a company's role of which a source says something else


class CompanyWriter:
    """Adds the companies of one import, each once, and their roles in the series."""

    def __init__(self, context: WriteContext, series: Series) -> None:
        self.context, self.series = context, series
        self._rows = list(SeriesCompany.objects.filter(series=series).select_related("company", "series"))
        self._companies: dict[str, Company] = {}  # new ones, by name key
        claims = [cell.value for cell in context.plan.cells() if isinstance(cell.value, CompanyClaim)]
        self._existing = Company.objects.in_bulk({claim.pk for claim in claims if claim.pk is not None})
        self._ids = UsedIds(value for claim in claims for _, value in claim.external_ids)

    def write(self, planned: PlannedRecord) -> None:
        """Write the roles of companies in the series."""
        for fact in planned.facts:
            if fact.kind != FactKind.COMPANY:
                continue
            ticked = taken_cells(fact)
            self.context.note_left(planned, fact, ticked)
            stated: set[tuple[int, int]] = set()  # source and company
            for cell, same in first_of_each_key(ticked):
                if isinstance(cell.value, CompanyClaim):
                    row = self._role(self._company(cell.value, same), fact)
                    self.context.cite(row, "", same)
                    stated |= {(other.source, row.company_id) for other in same}
            differing = differing_cells(fact, ticked)
            for row in self._rows:
                if row.part == fact.name:
                    cells = [cell for cell in differing if (cell.source, row.company_id) not in stated]
                    self.context.dispute(row, NAMES, cells)

    def _company(self, claim: CompanyClaim, cells: list[Cell]) -> Company:
        """The company of the catalogue, or a new draft, whose identifiers the sources of ``cells`` state."""
        if claim.pk is not None:
            if claim.pk not in self._existing:
                raise ChangeRefused([f"“{claim.name}” was deleted in the meantime: compare again."])
            return self._existing[claim.pk]
        key = name_key(claim.name)
        if key not in self._companies:
            company = Company.objects.create(name=fit_text(Company, "name", claim.name))
            self._companies[key] = company
            self.context.result.added[Company] += 1
            for scheme, value in claim.external_ids:
                self._add_id(company, scheme, value, cells)
        return self._companies[key]

    def _add_id(self, company: Company, scheme: str, value: str, cells: list[Cell]) -> None:
        """Give a new company an identifier, unless it is none or another company has it."""
        row = ExternalId(company=company, scheme=scheme, value=value)
        try:
            row.clean_fields(exclude={"company"})
            self._ids.use("company", row)
        except ValidationError:
            return
        self.context.add_row(row)
        self.context.cite(row, "", cells)

    def _role(self, company: Company, fact: Fact) -> SeriesCompany:
        """The role of a company in the series; a new one stands behind the others."""
        roles = [row for row in self._rows if row.part == fact.name]
        row = next((row for row in roles if row.company_id == company.pk), None)
        if row is None:
            position = 1 + max((row.position for row in roles), default=-1)
            row = SeriesCompany(series=self.series, company=company, part=fact.name, position=position)
            self._rows.append(row)
            self.context.add_row(row)
        return row
