"""Make rows be what they were: many at once, past the models, with their entries in the change log."""

from django.db import IntegrityError, transaction

from catalog.history.conflicts import group_by_model
from catalog.history.past_state import chunks, current_rows
from catalog.models import Change
from catalog.models.change_recorder import build_change, m2m_tables, m2m_values, owner_reference, read_row


class ChangeRefused(Exception):
    """What was asked cannot be done without losing something; ``reasons`` say what stands in the way, in words."""

    def __init__(self, reasons):
        self.reasons = list(reasons)
        super().__init__(" ".join(self.reasons))


def raise_if_refused(reasons):
    """Refuse, when there is a reason; each is given once."""
    reasons = list(dict.fromkeys(reasons))
    if reasons:
        raise ChangeRefused(reasons)


def write_rows(wanted, ties_wanted=None, labels=None, using="default"):
    """Make each row hold what ``wanted`` says: (model, key) to the values by column, or to None for no row.

    ``ties_wanted`` says in the same way, by the name of the table between, what records are tied to. ``labels`` name
    rows in the log. To be called inside a transaction. Rows that hold it already are left alone. Redirects and other
    rows that a model would write on saving are not written: they have entries of their own. Returns how many changed.
    Refused when the database has a rule against it.
    """
    try:
        with transaction.atomic(using=using):
            entries = _write(wanted, ties_wanted or {}, labels or {}, using)
    except IntegrityError as error:
        raise ChangeRefused(
            ["Something that was added or changed since has the same number, name or identifier."]
        ) from error
    Change.objects.using(using).bulk_create(entries, batch_size=500)
    return len(entries)


def preview_rows(wanted, ties_wanted=None, labels=None, using="default"):
    """The entries that ``rewrite`` would write into the log, not saved: a preview."""
    plans = {model: _plan(model, rows, using) for model, rows in group_by_model(wanted).items()}
    return _entries(plans, wanted, ties_wanted or {}, labels or {}, using)


def _entries(plans, wanted, ties_wanted, labels, using):
    entries = []
    for model, (gone, changed, added) in plans.items():
        for pk, row in gone.items():
            row |= m2m_values(model, pk, using)
            entries.append(build_change(Change.Action.DELETED, model, pk, _label(labels, model, pk, row), row))
        for pk, (old, new) in changed.items():
            entries.append(build_change(Change.Action.CHANGED, model, pk, _label(labels, model, pk, new), old, new))
        for pk, row in added.items():
            entries.append(build_change(Change.Action.ADDED, model, pk, _label(labels, model, pk, row), None, row))
    for (model, pk), tied in ties_wanted.items():
        entries += _tie_entries(model, pk, tied, wanted, labels, using)
    return entries


def _tie_entries(model, pk, tied, wanted, labels, using):
    now = m2m_values(model, pk, using)
    after = {name: sorted(keys) for name, keys in tied.items() if name in now and now[name] != sorted(keys)}
    if not after:
        return
    before, touched = {name: now[name] for name in after}, set()
    for name in after:
        other = m2m_tables(model)[name][3]._meta.model_name
        touched |= {(other, key) for key in {*before[name]} ^ {*after[name]}}
    row = read_row(model, pk, using) or wanted.get((model, pk)) or {}
    change = build_change(Change.Action.CHANGED, model, pk, _label(labels, model, pk, row), before, after, touched)
    change.belongs_to = owner_reference(model, row)
    yield change


def _write(wanted, ties_wanted, labels, using):
    plans = {model: _plan(model, rows, using) for model, rows in group_by_model(wanted).items()}
    entries = _entries(plans, wanted, ties_wanted, labels, using)
    for model, (gone, _, _) in plans.items():
        for pk in gone:
            _tie(model, pk, dict.fromkeys(m2m_values(model, pk, using), ()), using)
    for model, (gone, changed, added) in plans.items():
        for some in chunks(gone):
            model._base_manager.using(using).filter(pk__in=some)._raw_delete(using)
        _update(model, changed, using)
        _add(model, added, using)
    for (model, pk), tied in ties_wanted.items():
        _tie(model, pk, tied, using)
    return entries


def _add(model, rows, using):
    model._base_manager.using(using).bulk_create([model(**row) for row in rows.values()], batch_size=200)


def _plan(model, rows, using):
    """(rows to delete, (old, new) of rows to change, rows to add), by key."""
    now = current_rows(model, rows, using)
    gone = {pk: now[pk] for pk, values in rows.items() if values is None and pk in now}
    added = {pk: values for pk, values in rows.items() if values is not None and pk not in now}
    pairs = {pk: (now[pk], now[pk] | values) for pk, values in rows.items() if values is not None and pk in now}
    return gone, {pk: (old, new) for pk, (old, new) in pairs.items() if old != new}, added


def _update(model, changed, using):
    """Write changed rows, those with the same new values in the same columns by one statement.

    Rows that change places (two episodes their numbers) cannot be written one after the other: they are taken out
    and put in again, which the database allows as long as all that leads to them is right at the end.
    """
    alike = {}
    for pk, (old, new) in changed.items():
        values = tuple((name, value) for name, value in new.items() if old[name] != value)
        alike.setdefault(repr(values), (values, []))[1].append(pk)
    rows = model._base_manager.using(using)
    try:
        with transaction.atomic(using=using):
            for values, keys in alike.values():
                for some in chunks(keys):
                    rows.filter(pk__in=some).update(**dict(values))
    except IntegrityError:
        for some in chunks(changed):
            rows.filter(pk__in=some)._raw_delete(using)
        _add(model, {pk: new for pk, (_, new) in changed.items()}, using)


def _tie(model, pk, wanted, using):
    """Tie a record to just what ``wanted`` says, by the name of the table between."""
    for name, keys in wanted.items():
        found = m2m_tables(model).get(name)
        if found is None:
            continue
        through, own, other, _ = found
        rows = through._base_manager.using(using)
        rows.filter(**{own: pk}).exclude(**{f"{other}__in": keys})._raw_delete(using)
        there = set(rows.filter(**{own: pk}).values_list(other, flat=True))
        rows.bulk_create(through(**{f"{own}_id": pk, f"{other}_id": key}) for key in keys if key not in there)


def _label(labels, model, pk, row):
    """What the log calls a row: as it was called last, or by its name."""
    called = labels.get((model, pk)) or row.get("name") or row.get("title") or row.get("slug")
    return str(called or f"{model._meta.verbose_name} {pk}")
