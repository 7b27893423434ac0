"""Statements of Wikidata entities, in the form of wbgetentities (claims) and in that of the REST interface."""

from dataclasses import dataclass

from catalog.partial_date import PartialDate
from catalog.sources.document import plain_text
from catalog.sources.json_values import Record, as_record, as_records, get_number, get_record, get_records, get_text

VALUE, NO_VALUE = "value", "novalue"
DAY, MONTH, YEAR = 11, 10, 9  # precision of a time
JULIAN_CALENDAR = "Q1985786"


@dataclass(frozen=True)
class Snak:
    """A property with its value; ``kind`` says if there is one, none, or an unknown one."""

    property_id: str
    kind: str
    content: object

    @property
    def text(self) -> str:
        """A string, or the text of a monolingual text."""
        return get_text(self.content, "text") if isinstance(self.content, dict) else plain_text(str(self.content or ""))

    @property
    def item(self) -> str:
        """The id of an item."""
        if isinstance(self.content, str):
            return self.content if self.content[:1] == "Q" and self.content[1:].isdecimal() else ""
        record = as_record(self.content)
        number = get_number(record, "numeric-id")
        return get_text(record, "id") or (f"Q{number}" if number else "")

    def date(self) -> PartialDate:
        """A date as precise as it is stated. Raises ValueError for all else."""
        record = as_record(self.content)
        time, precision = get_text(record, "time"), get_number(record, "precision")
        if get_text(record, "calendarmodel").endswith(JULIAN_CALENDAR):
            raise ValueError(f"“{time[:40]}” is a date of the Julian calendar")
        length = {DAY: 10, MONTH: 7, YEAR: 4}.get(precision or 0)
        if not time.startswith("+") or length is None:
            raise ValueError(f"“{time[:40]}” is less precise than a year")
        return PartialDate(time[1 : 1 + length])


@dataclass(frozen=True)
class Statement:
    """A statement with its rank, qualifiers and references."""

    snak: Snak
    rank: str
    qualifiers: list[Snak]
    references: list[list[Snak]]

    def qualifier(self, property_id: str) -> Snak | None:
        """The first qualifier of a property that has a value."""
        return next((snak for snak in self.qualifiers if (snak.property_id, snak.kind) == (property_id, VALUE)), None)


def label_of(entity: Record) -> str:
    """The English label, or else the one that is the same in all languages, or else any."""
    labels = get_record(entity, "labels")
    texts = {code: _label_text(value) for code, value in labels.items()}
    return texts.get("en") or texts.get("mul") or next(filter(None, texts.values()), "")


def aliases_of(entity: Record) -> list[str]:
    """The other names in English."""
    aliases = get_record(entity, "aliases").get("en")
    return [_label_text(alias) for alias in aliases] if isinstance(aliases, list) else []


def _label_text(value: object) -> str:
    return get_text(value, "value") if isinstance(value, dict) else plain_text(value) if isinstance(value, str) else ""


def all_statements(entity: Record, property_id: str) -> list[Statement]:
    """The statements of a property with all ranks."""
    if "statements" in entity:
        rows = get_records(get_record(entity, "statements"), property_id)
        return [_rest_statement(row) for row in rows]
    return [_statement(row) for row in get_records(get_record(entity, "claims"), property_id)]


def best_statements(entity: Record, property_id: str) -> list[Statement]:
    """The preferred statements of a property, or else the normal ones; deprecated ones never hold."""
    statements = [statement for statement in all_statements(entity, property_id) if statement.rank != "deprecated"]
    return [statement for statement in statements if statement.rank == "preferred"] or statements


def values_of(entity: Record, property_id: str) -> list[Snak]:
    """The values of the best statements."""
    return [statement.snak for statement in best_statements(entity, property_id) if statement.snak.kind == VALUE]


def _statement(row: Record) -> Statement:
    qualifiers = get_record(row, "qualifiers")
    references = [get_record(reference, "snaks") for reference in get_records(row, "references")]
    return Statement(
        _snak(get_record(row, "mainsnak")),
        get_text(row, "rank"),
        [_snak(snak) for snaks in qualifiers.values() for snak in as_records(snaks)],
        [[_snak(snak) for snaks in reference.values() for snak in as_records(snaks)] for reference in references],
    )


def _snak(row: Record) -> Snak:
    return Snak(get_text(row, "property"), get_text(row, "snaktype"), get_record(row, "datavalue").get("value"))


def _rest_statement(row: Record) -> Statement:
    references = get_records(row, "references")
    return Statement(
        _rest_snak(row),
        get_text(row, "rank"),
        [_rest_snak(snak) for snak in get_records(row, "qualifiers")],
        [[_rest_snak(snak) for snak in get_records(reference, "parts")] for reference in references],
    )


def _rest_snak(row: Record) -> Snak:
    value = get_record(row, "value")
    return Snak(get_text(get_record(row, "property"), "id"), get_text(value, "type"), value.get("content"))
