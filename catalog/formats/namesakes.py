"""People, series and companies that a file would add although a record of the same name is there."""

from collections import defaultdict
from collections.abc import Iterable

from catalog.formats.row_lookup import name_field, records_by_name
from catalog.models.base import NaturalKey
from catalog.models.record import Record
from catalog.search.tokenizer import name_key

# The field with a date that tells namesakes apart.
DATE_FIELDS = {"person": "born", "series": "premiered"}


class Namesakes:
    """The stored records, and those of earlier rows, that have the name or title of a new record."""

    def __init__(self, model: type[NaturalKey], names: Iterable[str]) -> None:
        self._label, self._labels = str(model._meta.verbose_name), str(model._meta.verbose_name_plural)
        self._name_field = name_field(model)
        self._date_field = DATE_FIELDS.get(str(model._meta.model_name), "")
        has_page = issubclass(model, Record)  # other records, such as songs and characters, share names often
        self._stored = records_by_name(model, set(names) - {""}) if has_page else {}
        self._added: dict[str, list[tuple[NaturalKey, int]]] | None = defaultdict(list) if has_page else None

    def notice(self, record: NaturalKey, number: int) -> str:
        """A message that names the namesakes of the new record of row ``number``; empty if there are none.

        A record with another date of birth or première is no namesake; one of an unknown date is.
        """
        if self._added is None:
            return ""
        name: str = getattr(record, self._name_field)
        stored = [other for other in self._stored.get(name, ()) if self._may_be_same(record, other)]
        added = self._added[name_key(name)]
        rows = [row for other, row in added if self._may_be_same(record, other)]
        added.append((record, number))
        if len(stored) == 1:
            name = getattr(stored[0], self._name_field)
            called = f"{self._label} called “{name}”{f' ({date})' if (date := self._date(stored[0])) else ''}"
            return f"A {called} is there already; to change it, give its slug: {stored[0].natural_key()[0]}."
        if stored:
            slugs = " or ".join(str(other.natural_key()[0]) for other in stored)
            return f"Several {self._labels} called “{name}” are there already; to change one, give its slug: {slugs}."
        return f"Row {rows[0]} adds a {self._label} called “{name}” too." if rows else ""

    def _date(self, record: NaturalKey) -> str:
        return (getattr(record, self._date_field) or "") if self._date_field else ""

    def _may_be_same(self, record: NaturalKey, other: NaturalKey) -> bool:
        date, other_date = self._date(record), self._date(other)
        return date.startswith(other_date) or other_date.startswith(date)
