"""What the change log says of the facts of a series: which values an editor set, and what an editor removed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from catalog.editing.ingest.plan import FactKind
from catalog.editing.ingest.recorded import FactKey, RecordedValue
from catalog.editing.ingest.stated_values import alike, credit_key, fact_name
from catalog.models import Change, Edit, Role, Series
from catalog.models.compiled_query import batches

Values = Mapping[str, Any]


@dataclass
class EditorLog:
    """Facts by their key: what may be replaced, as an import set it, and what editors removed.

    ``imported`` has the facts whose present value an import from sources set. ``emptied`` has those that somebody
    else emptied, ``removed`` the keys of values that somebody else removed from a fact with several.
    """

    imported: set[FactKey] = field(default_factory=set)
    emptied: set[FactKey] = field(default_factory=set)
    removed: dict[FactKey, set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def load(
        cls,
        records: Iterable[Model],
        roles: Mapping[int, Role],
        values: Mapping[FactKey, Mapping[str, RecordedValue]],
    ) -> EditorLog:
        """Read the log of records, of what belongs or belonged to them, and of the rows that hold ``values``.

        ``roles`` are by primary key.
        """
        log, keys = cls(), [(str(record._meta.model_name), record.pk) for record in records]
        for change in _changes_of(keys):
            log._add_record_change(change)
        rows = {
            (str(value.row._meta.model_name), value.row.pk): (fact, value.row.__dict__)
            for fact, by_key in values.items()
            for value in by_key.values()
            if value.row is not None
        }
        for change in _changes_of(key for key in rows if key[0] in SINGLE_ROWS):
            fact = rows[change.kind, change.record_id][0]
            (log.imported.add if _is_import(change) else log.imported.discard)(fact)
        present = {key: row for key, (_, row) in rows.items()}
        for batch in batches(f"{kind}:{pk}" for kind, pk in keys):
            log._add_part_changes(batch, roles, present)
        return log

    def _add_part_changes(
        self, references: list[str], roles: Mapping[int, Role], present: Mapping[tuple[str, int], Values]
    ) -> None:
        """Read what the log says of the rows that belong or belonged to records. An entry has only what changed."""
        parts = Change.objects.for_parts(references).filter(kind__in=PART_KEYS).exclude(action=Change.Action.ADDED)
        changes = list(parts.select_related("edit").order_by("pk"))
        deleted = {(change.kind, change.record_id): change.before or {} for change in changes if not change.after}
        for change in changes:
            key = change.kind, change.record_id
            self._add_part_change(change, roles, deleted.get(key) or present.get(key, {}))

    def _add_record_change(self, change: Change) -> None:
        is_import, reference = _is_import(change), f"{change.kind}:{change.record_id}"
        after = change.after or {}
        columns = change.fields if change.action == Change.Action.CHANGED else after
        for name in columns:
            fact = (reference, LINK_TABLES.get(name, name))
            if name in LINK_TABLES:
                self._add_link_change(fact, change, name, is_import)
                continue
            is_empty = after.get(name) in (None, "")
            self.imported.discard(fact)
            self.emptied.discard(fact)
            if is_import and not is_empty:
                self.imported.add(fact)
            elif not is_import and is_empty and change.action == Change.Action.CHANGED:
                self.emptied.add(fact)

    def _add_link_change(self, fact: FactKey, change: Change, table: str, is_import: bool) -> None:
        before, after = ({*(values or {}).get(table, ())} for values in (change.before, change.after))
        self.removed[fact] -= set(map(str, after - before))
        if not is_import:
            self.removed[fact] |= set(map(str, before - after))

    def _add_part_change(self, change: Change, roles: Mapping[int, Role], row: Values) -> None:
        """Note the former value of a row that somebody deleted, or that somebody made another one."""
        if _is_import(change):
            return
        after = {**row, **(change.after or {})}
        part = PART_KEYS[change.kind]({**after, **(change.before or {})}, roles)
        is_moved = bool(change.belonged_to) or PART_KEYS[change.kind](after, roles) != part
        if part and (change.action == Change.Action.DELETED or is_moved):
            self.removed[change.belonged_to or change.belongs_to, part[0]].add(part[1])


def _changes_of(records: Iterable[tuple[str, int]]) -> Iterator[Change]:
    """The entries about records, given as kind and primary key, those of each kind in their order."""
    keys: dict[str, list[int]] = defaultdict(list)
    for kind, pk in records:
        keys[kind].append(pk)
    for kind, primary_keys in keys.items():
        for batch in batches(primary_keys):
            yield from Change.objects.filter(kind=kind, record_id__in=batch).order_by("pk").select_related("edit")


def _is_import(change: Change) -> bool:
    return change.edit is not None and change.edit.kind == Edit.Kind.SOURCE


def _credit_part(row: Values, roles: Mapping[int, Role]) -> tuple[str, str] | None:
    role = roles.get(row.get("role_id", 0))
    return (role.slug, credit_key(str(row["person_id"]), "")) if role and row.get("person_id") else None


def _company_part(row: Values, _: object) -> tuple[str, str] | None:
    return (
        (fact_name(FactKind.COMPANY, row["part"]), str(row["company_id"]))
        if "part" in row and "company_id" in row
        else None
    )


def _title_part(row: Values, _: object) -> tuple[str, str] | None:
    return (fact_name(FactKind.TITLE, row["kind"]), alike(row["title"])) if "kind" in row and "title" in row else None


def _id_part(row: Values, _: object) -> tuple[str, str] | None:
    return (
        (fact_name(FactKind.EXTERNAL_ID, row["scheme"]), row["value"]) if "scheme" in row and "value" in row else None
    )


def _alias_part(row: Values, _: object) -> tuple[str, str] | None:
    return ("alias", alike(row["name"])) if "name" in row else None


def _review_part(row: Values, _: object) -> tuple[str, str] | None:
    return (fact_name(FactKind.REVIEW, row["aggregator"]), "") if "aggregator" in row else None


def _numbered_part(row: Values, _: object) -> tuple[str, str] | None:
    return ("number", str(row["number"])) if "number" in row else None


# How the deleted rows of a model name the fact and the value that they recorded.
PART_KEYS: dict[str, Callable[[Values, Mapping[int, Role]], tuple[str, str] | None]] = {
    "credit": _credit_part,
    "seriescompany": _company_part,
    "alternativetitle": _title_part,
    "externalid": _id_part,
    "alias": _alias_part,
    "review": _review_part,
    "season": _numbered_part,
    "episode": _numbered_part,
}
SINGLE_ROWS = {"externalid", "review"}  # rows that are the only ones of their fact
LINK_TABLES = {getattr(Series, name).through._meta.model_name: name for name in ("genres", "countries", "languages")}
