"""What was counted once is kept until something changes that it was counted of."""

from django.apps import apps
from django.core.cache import cache

from catalog.models import Change

CACHE_KEY = "quality"
MAX_LOG_ENTRIES = 1000  # entries of the log since the last count; after more than that all is counted anew


def cached_counts(wanted):
    """The values of ``wanted``, each a name, what it is made of, and what makes it.

    It is made of rows (``person``: one was added or deleted) and of columns (``person.name``: one was changed). The
    values are as of the log's last entry, and only what an entry since then can have changed is made again: after an
    edit of an episode nobody compares the names of 20,000 people.
    """
    entry, values = _valid_counts()
    missing = [(name, reads, make) for name, reads, make in wanted if name not in values]
    if missing:
        values |= {name: (frozenset(reads), make()) for name, reads, make in missing}
        meanwhile = cache.get(CACHE_KEY)  # what made a value may have kept another, and so may somebody else
        if meanwhile and meanwhile[0] == entry:
            values = meanwhile[1] | values
        if entry:
            cache.set(CACHE_KEY, (entry, values), timeout=None)
    return [values[name][1] for name, _, _ in wanted]


def _valid_counts():
    """The log's last entry, read before anything is counted, and the kept values that hold with it.

    An entry is known by its moment as well as its number: another catalogue may have come to the same number.
    """
    before, values = cache.get(CACHE_KEY) or (None, {})
    entries = Change.objects.filter(pk__gte=before[0]) if before else Change.objects.none()
    since = list(entries.order_by("pk").values_list("pk", "at", "kind", "action", "fields")[: MAX_LOG_ENTRIES + 1])
    if (
        not since
        or since[0][:2] != before
        or len(since) > MAX_LOG_ENTRIES
        or not {row[2] for row in since[1:]} <= _kinds()
    ):
        return Change.objects.order_by("-pk").values_list("pk", "at").first(), {}
    news = _changed_columns(since[1:])
    return since[-1][:2], {name: kept for name, kept in values.items() if not news & kept[0]}


def _kinds():
    """The kinds that there are. An entry of another says that somebody wrote past the models, not what."""
    return {model._meta.model_name for model in apps.get_app_config("catalog").get_models()}


def _changed_columns(entries):
    """What entries of the log concern, in the words of ``kept``."""
    found = set()
    for _, _, kind, action, fields in entries:
        if action == Change.Action.CHANGED:
            found |= {f"{kind}.{field}" for field in fields}
        else:
            found.add(kind)
    return found
