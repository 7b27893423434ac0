"""Merge two records that are the same person, company, character or artist: everything moves, nothing is lost."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from catalog.history.conflicts import RowKey, Rows, group_by_model, unique_columns
from catalog.history.labels import labels_for
from catalog.history.past_state import M2MKeys, Model, Values, kind_of
from catalog.history.write_rows import ChangeRefused, write_rows
from catalog.models import Alias, Artist, Change, Character, Citation, Company, FormerSlug, Person
from catalog.models.change_recorder import is_recorded, m2m_values
from catalog.models.citation import KIND_BY_MODEL
from catalog.models.citation_check import citations_valid_at
from catalog.models.compiled_query import batches
from catalog.models.slug import Sluggable

Mergeable = Person | Company | Character | Artist
MERGEABLE_MODELS = (Person, Company, Character, Artist)


@dataclass
class MergePlan:
    """What a merge will do. The target stays, the duplicate is deleted."""

    target: Mergeable
    duplicate: Mergeable
    moved_rows: dict[RowKey, Values] = field(default_factory=dict)  # new values
    colliding_rows: dict[RowKey, int] = field(default_factory=dict)  # to the key of the equal row of the target
    filled_values: Values = field(default_factory=dict)  # values for empty columns of the target
    conflicting_values: dict[str, tuple[Any, Any]] = field(default_factory=dict)  # both filled: (target, duplicate)
    m2m: M2MKeys = field(default_factory=dict)  # all keys of the target, per through table that changes

    def moved_counts(self) -> list[tuple[int, Any]]:
        """(number, model options) of the moved rows, the largest number first."""
        counts: dict[Model, int] = {}
        for model, _ in self.moved_rows:
            counts[model] = counts.get(model, 0) + 1
        return sorted(((count, model._meta) for model, count in counts.items()), key=lambda pair: -pair[0])


def plan_merge(target: Mergeable, duplicate: Mergeable, using: str = "default") -> MergePlan:
    """Plan to merge ``duplicate`` into ``target``; ChangeRefused for records that cannot be the same."""
    if type(target) is not type(duplicate) or type(target) not in MERGEABLE_MODELS:
        raise ChangeRefused(["Only two people, two companies, two characters or two artists can be merged."])
    if target.pk == duplicate.pk:
        raise ChangeRefused(["A record cannot be merged into itself."])
    if isinstance(target, Character) and isinstance(duplicate, Character) and target.series_id != duplicate.series_id:
        raise ChangeRefused(
            ["Characters of different series cannot be merged: a credit names a character of its own series."]
        )
    plan = MergePlan(target, duplicate)
    _compare_values(plan)
    obsolete_rows: dict[Model, dict[int, int]] = {type(target): {duplicate.pk: target.pk}}
    while obsolete_rows:  # parts of a colliding row move to the target's row, and may collide there in turn
        obsolete_rows = _move_references(plan, obsolete_rows, using)
    target_m2m = m2m_values(type(target), target.pk, using)
    for name, keys in m2m_values(type(duplicate), duplicate.pk, using).items():
        if set(keys) - set(target_m2m[name]):
            plan.m2m[name] = sorted({*target_m2m[name], *keys})
    return plan


def _compare_values(plan: MergePlan) -> None:
    """Note which empty columns of the target are filled, and in which columns the records differ."""
    for column in plan.target._meta.concrete_fields:
        value, duplicate_value = getattr(plan.target, column.attname), getattr(plan.duplicate, column.attname)
        if column.primary_key or column.name in ("slug", "series", "sort_key"):
            continue
        if duplicate_value in (None, "") or value == duplicate_value:
            continue
        if column.name == "published_at":
            if value is None or duplicate_value < value:
                plan.filled_values["published_at"] = duplicate_value
        elif value in (None, ""):
            plan.filled_values[column.attname] = duplicate_value
        else:
            plan.conflicting_values[column.attname] = (value, duplicate_value)


def _move_references(
    plan: MergePlan, obsolete_rows: dict[Model, dict[int, int]], using: str
) -> dict[Model, dict[int, int]]:
    """Move the rows that reference obsolete rows (by model: key to the key that replaces it).

    Returns the rows that collide there, and so are obsolete themselves, in the same shape.
    """
    colliding: dict[Model, dict[int, int]] = {}
    for model, replacements in obsolete_rows.items():
        for relation in model._meta.related_objects:
            part = relation.related_model
            if relation.one_to_many and is_recorded(part) and not relation.field.many_to_many:
                for key, target_key in _move_rows(plan, part, relation.field.attname, replacements, using):
                    colliding.setdefault(part, {})[key] = target_key
    return colliding


def _move_rows(
    plan: MergePlan, part: Model, column: str, replacements: dict[int, int], using: str
) -> Iterator[tuple[int, int]]:
    """Move the rows of one model that reference a replaced key; yield (key, key of the target's row) of collisions."""
    manager = part._base_manager.using(using)
    unique = [(columns, null_counts) for columns, null_counts in unique_columns(part) if column in columns]
    existing: dict[tuple, int] = {}  # keys of the target's rows by the columns and values that must be unique

    def unique_values(row: Values) -> list[tuple]:
        keys = [(columns, tuple(row[name] for name in columns), null_counts) for columns, null_counts in unique]
        return [(columns, values) for columns, values, null_counts in keys if null_counts or None not in values]

    for batch in batches(set(replacements.values())) if unique else ():
        for row in manager.filter(**{f"{column}__in": batch}).values():
            row |= plan.moved_rows.get((part, row["id"])) or {}
            existing |= dict.fromkeys(unique_values(row), row["id"])
    for batch in batches(replacements):
        for row in manager.filter(**{f"{column}__in": batch}).order_by("pk").values():
            key = part, row["id"]
            row |= plan.moved_rows.get(key, {}) | {column: replacements[row[column]]}
            target_key = next((existing[values] for values in unique_values(row) if values in existing), None)
            if target_key is None or target_key == row["id"]:
                plan.moved_rows[key] = plan.moved_rows.get(key, {}) | {column: row[column]}
                existing |= dict.fromkeys(unique_values(row), row["id"])
            else:
                plan.moved_rows.pop(key, None)
                plan.colliding_rows[key] = target_key
                yield row["id"], target_key


def merge_records(
    target: Mergeable,
    duplicate: Mergeable,
    prefer_duplicate: Collection[str] = (),
    add_alias: bool = True,
    using: str = "default",
) -> MergePlan:
    """Merge ``duplicate`` into ``target``; call it inside an edit of kind MERGE whose subject is the target.

    ``prefer_duplicate`` names the columns in which both have a value and the duplicate's is taken. Of two colliding
    rows (both have the same credit) the target's stays, its empty columns are filled. The duplicate's name becomes an
    alias, and its address redirects to the target. What moves or is filled in is cited as before; where both had a
    value, the citations of the one that is not kept are marked as not checked. Returns the plan. Raises ChangeRefused,
    or ValidationError if the target would break a rule.
    """
    plan, model = plan_merge(target, duplicate, using), type(target)
    values = plan.filled_values | {
        name: plan.conflicting_values[name][1] for name in prefer_duplicate if name in plan.conflicting_values
    }
    rows = _rows_to_write(plan, using)
    _mark_unchecked_citations(plan, rows, plan.conflicting_values.keys() - values.keys(), using)
    names = _names(target) + _names(duplicate)
    labels = {
        (part, pk): label
        for part, part_rows in group_by_model(rows).items()
        for pk, label in labels_for(part, [pk for pk, row in part_rows.items() if row is None], using).items()
    }
    for name, value in values.items():
        setattr(target, name, value)
    former_slugs = _colliding_slugs(plan, using)
    version = Change.objects.using(using).version()
    if values:
        target.full_clean()
        replaces = not values.keys().isdisjoint(plan.conflicting_values)
        with citations_valid_at(None if replaces else version):
            target.save(using=using)
    with citations_valid_at(version):
        write_rows(rows, None, labels, using)
    write_rows({}, {(model, target.pk): plan.m2m}, {(model, target.pk): str(target)}, using)
    for part, old_slug, new_slug in [(model, duplicate.slug, target.slug), *former_slugs]:
        FormerSlug.add(kind_of(part), old_slug, new_slug)
    if add_alias and hasattr(target, "aliases"):
        owner: dict[str, Any] = {kind_of(model): target}
        for name in dict.fromkeys(names):
            if name not in _names(target):
                Alias.objects.using(using).get_or_create(**owner, name=name)
    return plan


def _colliding_slugs(plan: MergePlan, using: str) -> list[tuple[Model, str, str]]:
    """(model, slug of the row that goes, slug of the equal row that stays) of rows with an address."""
    slugs: list[tuple[Model, str, str]] = []
    for (part, key), target_key in plan.colliding_rows.items():
        if issubclass(part, Sluggable):
            rows = dict(part._base_manager.using(using).filter(pk__in=(key, target_key)).values_list("pk", "slug"))
            slugs.append((part, rows[key], rows[target_key]))
    return slugs


def _rows_to_write(plan: MergePlan, using: str) -> Rows:
    """The moved rows, the colliding rows with their empty columns filled, and the rows to delete."""
    rows: Rows = dict(plan.moved_rows)
    for (part, key), target_key in plan.colliding_rows.items():
        row, obsolete = (part._base_manager.using(using).filter(pk=pk).values().get() for pk in (target_key, key))
        filled_values = {name: obsolete[name] for name, value in row.items() if value in (None, "") and obsolete[name]}
        rows[part, target_key] = (rows.get((part, target_key)) or {}) | filled_values
        rows[part, key] = None
    rows[type(plan.target), plan.duplicate.pk] = None
    return rows


def _mark_unchecked_citations(plan: MergePlan, rows: Rows, dropped: Collection[str], using: str) -> None:
    """Mark the citations that move from the duplicate to the target, whose value is another one.

    ``dropped`` are the columns of the duplicate's values that are not kept.
    """
    if type(plan.target) not in KIND_BY_MODEL:  # artists are not cited
        return
    fields = {column.name for column in plan.target._meta.concrete_fields if column.attname in dropped}
    moved = {"pk__in": [pk for model, pk in rows if model is Citation], kind_of(type(plan.target)): plan.duplicate.pk}
    citations = Citation.objects.using(using).filter(**moved, claim="", field__in=["", *fields]) if fields else ()
    for citation in citations:
        values = rows[Citation, citation.pk]
        if values is not None:
            values["unchecked"] = True


def _names(record: Mergeable) -> list[str]:
    return [name for name in (record.name, getattr(record, "full_name", "")) if name]
