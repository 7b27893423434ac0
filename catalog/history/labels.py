"""What records are called, many at once: those that are there by their name, those that are gone by their last one."""

from django.db.models import Max

from catalog.history.past_state import chunks, model_of
from catalog.models import Change

# What a record's name is made of besides its own row.
NAMED_BY = {
    "season": ["series"],
    "episode": ["season__series"],
    "credit": ["person", "role"],
    "featuredcharacter": ["character", "episode__season__series"],
    "seriescompany": ["company", "series"],
    "availability": ["series", "platform"],
    "source": ["part_of__part_of"],
    "citation": ["source__part_of__part_of"],
    "cue": ["song"],
}


def labels_for(model, keys, using="default"):
    """Names by key: two queries for some hundred."""
    kind, found = model._meta.model_name, {}
    for some in chunks(set(keys)):
        records = model._base_manager.using(using).filter(pk__in=some)
        found |= {record.pk: str(record) for record in records.select_related(*NAMED_BY.get(kind, [None]))}
    for some in chunks(set(keys) - set(found)):
        log = Change.objects.using(using).filter(kind=kind, record_id__in=some).order_by()
        last = log.values("record_id").annotate(last=Max("pk")).values("last")
        found |= dict(Change.objects.using(using).filter(pk__in=last).values_list("record_id", "label"))
    return found


class RecordLabels:
    """Names of records of many kinds: said first which are wanted, then all read at once."""

    def __init__(self, using="default"):
        self.using, self.wanted, self.found = using, {}, {}

    def want(self, model, keys):
        """Have these read too."""
        self.wanted.setdefault(model._meta.model_name, set()).update(key for key in keys if key is not None)

    def __call__(self, model, key):
        """The name of one, by its number when nothing is known of it."""
        kind = model._meta.model_name
        if self.wanted.get(kind):
            self.found.setdefault(kind, {}).update(labels_for(model_of(kind), self.wanted.pop(kind), self.using))
        return self.found.get(kind, {}).get(key) or f"number {key}"
