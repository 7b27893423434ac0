"""Rows of an infobox: a label, its values, and the fields whose citations are marked."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from catalog.partial_date import PartialDate
from catalog.views.presenters.credits import scope_remark
from catalog.views.presenters.dates import long_date


@dataclass(frozen=True)
class InfoboxValue:
    """One value of a row: text or a partial date, perhaps with a URL and a remark.

    ``record`` and ``fields`` name what is cited for this value, if that is another record than the row's.
    """

    text: object
    url: str = ""
    remark: str = ""
    record: object = None
    fields: tuple[str, ...] = ()

    @property
    def is_date(self) -> bool:
        """Whether the text is a partial date."""
        return isinstance(self.text, PartialDate)


@dataclass(frozen=True)
class InfoboxRow:
    """A row about ``record``. ``name`` is its ``data-fact`` mark; ``placeholder`` is printed without values."""

    name: str
    label: str
    values: list[InfoboxValue] = field(default_factory=list)
    record: object = None
    fields: tuple[str, ...] = ()
    placeholder: str = "Not known"


def infobox_row(record, name: str, label: str, values: Any, *fields: str) -> InfoboxRow:
    """A row of one field of ``record``, or of ``fields``; ``values`` may be one value, None or a list."""
    items = values if isinstance(values, list) else [values]
    items = [item for item in items if item not in (None, "")]
    texts = [item if isinstance(item, InfoboxValue) else InfoboxValue(item) for item in items]
    return InfoboxRow(name, label, texts, record, fields or (name,))


def format_runtime(shortest: int | None, longest: int | None = None) -> str:
    """``51–60 minutes``, ``51 minutes``, or nothing if no running time is known."""
    runtimes = [number for number in (shortest, longest) if number is not None]
    if not runtimes:
        return ""
    if len(set(runtimes)) == 2:
        return f"{shortest}–{longest} minutes"
    return f"{runtimes[0]} minute{'s' * (runtimes[0] != 1)}"


def list_url(kind: str, **selection: str) -> str:
    """The URL of the list of ``kind`` narrowed to one value."""
    return f"{reverse(f'{kind}-list')}?" + "&".join(f"{name}={value}" for name, value in selection.items())


def join_remarks(*remarks: str) -> str:
    """The remarks that are not empty, in one text."""
    return "; ".join(filter(None, remarks))


def company_values(company_parts, part: str) -> list[InfoboxValue]:
    """The companies with one part in a series, each cited by itself."""
    return [
        InfoboxValue(
            entry.company.name,
            entry.company.get_absolute_url(),
            join_remarks("pilot only" if entry.pilot_only else "", entry.note),
            entry,
        )
        for entry in company_parts
        if entry.part == part and entry.company.is_published
    ]


def company_rows(company_parts, name: str, label: str) -> list[InfoboxRow]:
    """The row of the companies with the part ``name``; see ``listed_rows``."""
    is_recorded = any(entry.part == name for entry in company_parts)
    return listed_rows(InfoboxRow(name, label, company_values(company_parts, name)), is_recorded)


def credit_rows(credits, name: str, label: str, *roles: str) -> list[InfoboxRow]:
    """The row of the people credited with one of ``roles``; see ``listed_rows``."""
    is_recorded = any(credit.role.slug in roles for credit in credits)
    return listed_rows(InfoboxRow(name, label, credit_values(credits, *roles)), is_recorded)


def listed_rows(row: InfoboxRow, is_recorded: bool) -> list[InfoboxRow]:
    """The row; no row if its values are recorded but none is published: “not known” would be false."""
    return [] if is_recorded and not row.values else [row]


def credit_values(credits, *roles: str) -> list[InfoboxValue]:
    """The published people credited with one of ``roles``, each cited by their credit."""
    return [
        InfoboxValue(
            credit.credited_as or credit.person.name,
            credit.person.get_absolute_url(),
            join_remarks(scope_remark(credit), credit.note),
            credit,
        )
        for credit in credits
        if credit.role.slug in roles and credit.person.is_published
    ]


def availability_value(entry) -> InfoboxValue:
    """A platform with the time in which it showed the series."""
    since = f"from {long_date(entry.since)}" if entry.since else ""
    until = f"left {long_date(entry.until)}" if entry.until else ""
    remark = join_remarks(since, until, entry.note)
    return InfoboxValue(entry.platform.name, entry.platform.get_absolute_url(), remark, entry)


def alternative_titles_row(record, **options: Any) -> InfoboxRow:
    """The alternative titles of a series or an episode, each with its kind, language and note."""
    titles = [InfoboxValue(title.title, remark=title_remark(title), record=title) for title in record.titles.all()]
    return InfoboxRow("titles", "Other titles", titles, **options)


def title_remark(title) -> str:
    """The kind of an alternative title, its language and its note."""
    return join_remarks(title.get_kind_display().lower(), title.language and title.language.name, title.note)


def aliases_row(record, label: str) -> InfoboxRow:
    """The other names of a person or a company, each with its period and its note."""
    names = [InfoboxValue(alias.name, remark=alias_remark(alias), record=alias) for alias in record.aliases.all()]
    return InfoboxRow("aliases", label, names, placeholder="No other name recorded")


def alias_remark(alias) -> str:
    """When the name was used, and its note: ``from 1985 until May 1989; after the merger``."""
    since = f"from {long_date(alias.since)}" if alias.since else ""
    until = f"until {long_date(alias.until)}" if alias.until else ""
    return join_remarks(" ".join(filter(None, [since, until])), alias.note)


def external_ids_row(record) -> InfoboxRow:
    """The identifiers of a record in other catalogues."""
    identifiers = [InfoboxValue(str(item), record=item) for item in record.external_ids.all()]
    return InfoboxRow("external_ids", "Elsewhere", identifiers, placeholder="Not recorded")


def total_values(total: int, hidden: int, url: str = "", remark: str = "") -> list[InfoboxValue]:
    """The number of published parts of a record, if there are any; the remark says if there are hidden ones."""
    remarks = join_remarks(remark, "not all listed yet" if hidden else "")
    return [InfoboxValue(total, url, remarks)] if total else []
