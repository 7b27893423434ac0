"""Make rows be what they were: many at once, past the models, with their entries in the change log."""

from catalog.history.past import chunks, rows_of
from catalog.models import Change
from catalog.models.change import entry, ties


class Refused(Exception):
    """What was asked cannot be done without losing something; ``reasons`` say what stands in the way, in words."""

    def __init__(self, reasons):
        self.reasons = list(reasons)
        super().__init__(" ".join(self.reasons))


def rewrite(wanted, ties_wanted=None, labels=None, using="default"):
    """Make each row hold what ``wanted`` says: (model, key) to the values by column, or to None for no row.

    ``ties_wanted`` says in the same way, by the name of the table between, what records are tied to. ``labels`` name
    rows in the log. To be called inside a transaction. Rows that hold it already are left alone. Redirects and other
    rows that a model would write on saving are not written: they have entries of their own. Returns how many changed.
    """
    labels, entries, by_model = labels or {}, [], {}
    for (model, pk), values in wanted.items():
        by_model.setdefault(model, {})[pk] = values
    plans = {model: _plan(model, rows, using) for model, rows in by_model.items()}
    doomed = [(model, pk, ties(model, pk, using)) for model, (gone, _, _) in plans.items() for pk in gone]
    for model, pk, tied in doomed:
        _tie(model, pk, dict.fromkeys(tied, ()), using)
        row = plans[model][0][pk] | tied
        entries.append(entry(Change.Action.DELETED, model, pk, _label(labels, model, pk, row), row))
    for model, (gone, changed, added) in plans.items():
        manager = model._base_manager.using(using)
        for some in chunks(gone):
            manager.filter(pk__in=some)._raw_delete(using)
        _update(model, changed, using)
        model._base_manager.using(using).bulk_create(
            [model(**row) for row in added.values()], batch_size=200
        ) if added else None
        for pk, (old, new) in changed.items():
            entries.append(entry(Change.Action.CHANGED, model, pk, _label(labels, model, pk, new), old, new))
        for pk, row in added.items():
            entries.append(entry(Change.Action.ADDED, model, pk, _label(labels, model, pk, row), None, row))
    entries += _tie_all(ties_wanted or {}, labels, using)
    Change.objects.using(using).bulk_create(entries, batch_size=500)
    return len(entries)


def _plan(model, rows, using):
    """(rows to delete, (old, new) of rows to change, rows to add), by key."""
    now = rows_of(model, rows, using)
    gone = {pk: now[pk] for pk, values in rows.items() if values is None and pk in now}
    added = {pk: values for pk, values in rows.items() if values is not None and pk not in now}
    pairs = {pk: (now[pk], now[pk] | values) for pk, values in rows.items() if values is not None and pk in now}
    return gone, {pk: (old, new) for pk, (old, new) in pairs.items() if old != new}, added


def _update(model, changed, using):
    """Write changed rows, those with the same new values in the same columns by one statement."""
    alike = {}
    for pk, (old, new) in changed.items():
        values = tuple((name, value) for name, value in new.items() if old[name] != value)
        alike.setdefault(repr(values), (values, []))[1].append(pk)
    for values, keys in alike.values():
        for some in chunks(keys):
            model._base_manager.using(using).filter(pk__in=some).update(**dict(values))


def _through(model, name):
    """The table between ``model`` and another called ``name``, with its columns (own, other)."""
    for field in (*model._meta.many_to_many, *model._meta.related_objects):
        through = getattr(field, "through", None) or getattr(field.remote_field, "through", None)
        if through is not None and through._meta.model_name == name:
            own, other = model._meta.model_name, None
            names = [field.name for field in through._meta.fields if field.is_relation]
            other = next(other for other in names if other != own)
            return through, own, other
    return None


def _tie(model, pk, wanted, using):
    """Tie a record to just what ``wanted`` says, by the name of the table between."""
    for name, keys in wanted.items():
        between = _through(model, name)
        if between is None:
            continue
        through, own, other = between
        rows = through._base_manager.using(using)
        rows.filter(**{own: pk}).exclude(**{f"{other}__in": keys})._raw_delete(using)
        there = set(rows.filter(**{own: pk}).values_list(other, flat=True))
        rows.bulk_create(through(**{f"{own}_id": pk, f"{other}_id": key}) for key in keys if key not in there)


def _tie_all(wanted, labels, using):
    entries = []
    for (model, pk), tied in wanted.items():
        now = ties(model, pk, using)
        changed = {name: keys for name, keys in tied.items() if name in now and now[name] != sorted(keys)}
        if not changed:
            continue
        _tie(model, pk, changed, using)
        before = {name: now[name] for name in changed}
        after = {name: sorted(keys) for name, keys in changed.items()}
        entries.append(entry(Change.Action.CHANGED, model, pk, _label(labels, model, pk, {}), before, after))
    return entries


def _label(labels, model, pk, row):
    """What the log calls a row: as it was called last, or by its name."""
    called = labels.get((model, pk)) or row.get("name") or row.get("title") or row.get("slug")
    return str(called or f"{model._meta.verbose_name} {pk}")


def missing_targets(wanted, using="default"):
    """What rows of ``wanted`` lead to and is not there, nor among them: (model, key) of it, in order."""
    needed = {}
    for (model, _), values in wanted.items():
        for field in model._meta.concrete_fields if values is not None else ():
            if field.is_relation and values.get(field.attname) is not None:
                needed.setdefault(field.related_model, set()).add(values[field.attname])
    missing = []
    for model, keys in needed.items():
        there = {pk for some in chunks(keys) for pk in _keys(model, some, using)}
        coming = {pk for (other, pk), values in wanted.items() if other is model and values is not None}
        missing += [(model, pk) for pk in sorted(keys - there - coming)]
    return missing


def _keys(model, some, using):
    return model._base_manager.using(using).filter(pk__in=some).values_list("pk", flat=True)
