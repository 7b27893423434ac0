"""Make one record of two that are the same person, company or character: everything moves, nothing is lost."""

from dataclasses import dataclass, field

from django.db import models

from catalog.history.conflicts import group_by_model, unique_columns
from catalog.history.labels import labels_for
from catalog.history.past_state import chunks
from catalog.history.write_rows import ChangeRefused, write_rows
from catalog.models import Alias, Character, Company, FormerSlug, Person
from catalog.models.change_recorder import is_recorded, m2m_values

MERGEABLE_MODELS = (Person, Company, Character)  # the kinds of which two may be one


@dataclass
class MergePlan:
    """What a merge will do: rows by (model, key), as ``rewrite`` takes them."""

    keep: models.Model
    gone: models.Model
    moved: dict = field(default_factory=dict)  # (model, key) to the new values
    twins: dict = field(default_factory=dict)  # (model, key) of a row there already to the row it stands for too
    filled: dict = field(default_factory=dict)  # columns of the kept record that were empty
    differing: dict = field(default_factory=dict)  # columns in which both say something: (kept, other)
    ties: dict = field(default_factory=dict)  # keys by the name of the table between, of the kept record

    def counted(self):
        """(how many, of what) move, the most first."""
        found = {}
        for model, _ in self.moved:
            found[model] = found.get(model, 0) + 1
        return sorted(((number, model._meta) for model, number in found.items()), key=lambda pair: -pair[0])


def plan_merge(keep, gone, using="default"):
    """What merging ``gone`` into ``keep`` would do. Refused for records that cannot be one."""
    if type(keep) is not type(gone) or type(keep) not in MERGEABLE_MODELS:
        raise ChangeRefused(["Only two people, two companies or two characters can be one."])
    if keep.pk == gone.pk:
        raise ChangeRefused(["A record cannot be merged into itself."])
    if isinstance(keep, Character) and keep.series_id != gone.series_id:
        raise ChangeRefused(["Characters of two series are not one: a credit names a character of its own series."])
    made = MergePlan(keep, gone)
    _compare(made)
    doomed = {type(keep): {gone.pk: keep.pk}}
    while doomed:  # what stood on a row that is not needed twice moves to its twin
        doomed = _move(made, doomed, using)
    for name, keys in m2m_values(type(gone), gone.pk, using).items():
        mine = m2m_values(type(keep), keep.pk, using)[name]
        if set(keys) - set(mine):
            made.ties[name] = sorted({*mine, *keys})
    return made


def _compare(made):
    """Which columns of the kept record are filled, and where the two differ."""
    for column in made.keep._meta.concrete_fields:
        mine, other = (getattr(record, column.attname) for record in (made.keep, made.gone))
        if column.primary_key or column.name in ("slug", "series") or other in (None, "") or mine == other:
            continue
        if column.name == "published_at":
            if mine is None or other < mine:
                made.filled["published_at"] = other
        elif mine in (None, ""):
            made.filled[column.attname] = other
        else:
            made.differing[column.attname] = (mine, other)


def _move(made, doomed, using):
    """Lead what refers to rows of ``doomed`` (by model: key to the key that stands for it) on.

    Returns in the same shape the rows that are then there twice.
    """
    twins = {}
    for model, keys in doomed.items():
        for relation in model._meta.related_objects:
            part = relation.related_model
            if relation.one_to_many and is_recorded(part) and not relation.field.many_to_many:
                for key, twin in _move_rows(made, part, relation.field.attname, keys, using):
                    twins.setdefault(part, {})[key] = twin
    return twins


def _move_rows(made, part, column, keys, using):
    manager, there = part._base_manager.using(using), {}
    unique = [names for names, _ in unique_columns(part) if column in names]
    for some in chunks(set(keys.values())) if unique else ():
        for row in manager.filter(**{f"{column}__in": some}).values():
            row |= made.moved.get((part, row["id"])) or {}
            there |= {(names, _key(row, names)): row["id"] for names in unique}
    for some in chunks(keys):
        for row in manager.filter(**{f"{column}__in": some}).order_by("pk").values():
            row |= (made.moved.get((part, row["id"])) or {}) | {column: keys[row[column]]}
            twin = next(
                (there[names, _key(row, names)] for names in unique if (names, _key(row, names)) in there), None
            )
            if twin is None or twin == row["id"]:
                made.moved[part, row["id"]] = (made.moved.get((part, row["id"])) or {}) | {column: row[column]}
                there |= {(names, _key(row, names)): row["id"] for names in unique}
            else:
                made.moved.pop((part, row["id"]), None)
                made.twins[part, row["id"]] = twin
                yield row["id"], twin


def _key(row, names):
    """What two rows may not share; in the constraints of these kinds, what is not given counts as a value."""
    return tuple(row[name] for name in names)


def merge_records(keep, gone, take=(), alias=True, using="default"):
    """Merge ``gone`` into ``keep``, inside an edit of the kind ``MERGE`` whose subject is ``keep``.

    ``take`` names the columns in which both say something and the other's word is to hold. A row that would be there
    twice (both have the credit) is one afterwards: its empty columns are filled, and what stood on the other moves
    to it. The name that goes stays as an alias, its address leads on. Returns the Plan that was carried out.
    """
    made = plan_merge(keep, gone, using)
    model = type(keep)
    wanted = dict(made.moved)
    for (part, key), twin in made.twins.items():
        row, other = (part._base_manager.using(using).filter(pk=pk).values().get() for pk in (twin, key))
        blank = {name: other[name] for name, value in row.items() if value in (None, "") and other[name]}
        wanted[part, twin] = (wanted.get((part, twin)) or {}) | blank
        wanted[part, key] = None
    values = made.filled | {name: made.differing[name][1] for name in take if name in made.differing}
    wanted[model, gone.pk] = None
    names = _names(keep) + _names(gone)
    labels = {
        (part, pk): name
        for part, rows in group_by_model(wanted).items()
        for pk, name in labels_for(part, rows, using).items()
    }
    for name, value in values.items():
        setattr(keep, name, value)
    if values:
        keep.full_clean()
    write_rows(wanted, None, labels, using)
    if values:
        keep.save(using=using)
    write_rows({}, {(model, keep.pk): made.ties}, {(model, keep.pk): str(keep)}, using)
    FormerSlug.add(model._meta.model_name, gone.slug, keep.slug)
    if alias and model is not Company:
        for name in dict.fromkeys(names):
            if name not in _names(keep):
                Alias.objects.using(using).get_or_create(**{model._meta.model_name: keep}, name=name)
    return made


def _names(record):
    """The names that a record has."""
    return [name for name in (record.name, getattr(record, "full_name", "")) if name]
