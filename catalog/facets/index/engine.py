"""The engine that asks the index."""

from functools import cache

from django.utils.functional import cached_property

from catalog.facets.index.read_arrays import few
from catalog.facets.index.registry import current_snapshot
from catalog.facets.index.vocabulary import ColumnVocabulary
from catalog.models.compiled_query import QUERY_BATCH_SIZE, CompiledQuery
from catalog.text import fold


class LazyEntries:
    """Values as (key, slug, label, count), written out only where they are looked at."""

    def __init__(self, names, ordinals, counts):
        self.names, self.ordinals, self.counts = names, ordinals, counts

    def __len__(self):
        return len(self.ordinals)

    def __getitem__(self, part):
        pairs = zip(self.ordinals[part].tolist(), self.counts[part].tolist(), strict=True)
        return [(*self.names.entry(ordinal), count) for ordinal, count in pairs]


@cache
def _sorting(facet_set, sort):
    """A reading that gives primary keys in an order of the list's."""
    rows, ordering = facet_set._meta.model._base_manager, facet_set.sorts[sort][1]
    return CompiledQuery(lambda keys, *_: rows.filter(pk__in=keys).order_by(*ordering).values_list("pk"))


class IndexEngine:
    """Answers for one FacetSet from the snapshot of the moment at which it was made. Its contract is ``Live``'s."""

    def __init__(self, facets, snapshot):
        self.facets, self.snapshot = facets, snapshot

    @classmethod
    def for_facets(cls, facets):
        """None while the list is being read."""
        snapshot = current_snapshot(type(facets))
        return None if snapshot is None else cls(facets, snapshot)

    def resolve(self, name, slugs):
        """By the index's own names; what it does not know (a former slug, ``season-01``) is asked of the database."""
        facet, names = self.facets.facets[name], self.snapshot.names.get(name)
        if names is None:
            return facet.resolve(slugs)
        found = {slug: names.find(slug) for slug in slugs}
        if isinstance(names, ColumnVocabulary):  # keeps a year after its last episode went
            whole = self.snapshot.ask({})
            found = {slug: place for slug, place in found.items() if place is not None and whole.count_of(name, place)}
        known = {slug: names.entry(ordinal) for slug, ordinal in found.items() if ordinal is not None}
        others = [slug for slug in slugs if slug not in known]
        return known | facet.resolve(others) if others else known

    def _asked(self, **changes):
        selection, pks = {}, None
        for name, chosen in (self.facets.selection | changes).items():
            if not chosen:
                continue
            if name in self.snapshot.names:
                keys = [key for key, _, _ in self.facets.resolve(name, chosen).values()]
                found = self.snapshot.names[name].ordinals(keys).tolist()
                selection[name] = [ordinal for ordinal in found if ordinal >= 0]
            else:  # a text, or a facet whose values are not listed: the database finds its rows
                rows = self.facets.filters[name].filter(self.facets.queryset, chosen)
                pks = rows if pks is None else pks.filter(pk__in=rows.values("pk"))
        return self.snapshot.ask(selection, None if pks is None else few(pks, "pk")[0])

    @cached_property
    def answers(self):
        """The answers for what was chosen."""
        return self._asked()

    def unfiltered_total(self):
        """How many rows there are without any selection."""
        return self.snapshot.ask({}).total()

    def total(self, **changes):
        """How many rows match; ``changes`` put other values in the place of what was chosen of a filter."""
        if len(changes) == 1 and not any(changes.values()) and changes.keys() <= self.snapshot.names.keys():
            return self.answers.total(without=next(iter(changes)))
        return self._asked(**changes).total() if changes else self.answers.total()

    def counts(self, name):
        """``{key: count}`` of every visible value of a facet among the rows that the other filters leave."""
        return {key: count for key, _, _, count in self.top_values(name)[0]}

    def top_values(self, name, most=None):
        """The first ``most`` values as (key, slug, label, count), and how many there are in all."""
        return self.answers.top_values(name, most, self.facets.facets[name].by_count)

    def all_values(self, name, find, without):
        """All values whose labels hold ``find`` but the keys ``without``, as ``top`` orders them: a sequence."""
        names, facet = self.snapshot.names[name], self.facets.facets[name]
        left_out = names.ordinals(list(without))
        return LazyEntries(names, *self.answers.all_values(name, fold(find), left_out, facet.by_count))

    def count_of(self, name, key):
        """How many rows have one value, among those that the other filters leave."""
        names = self.snapshot.names[name]
        ordinal = names.ordinals([key])[0]
        return self.answers.count_of(name, ordinal) if ordinal >= 0 else 0

    def page_ids(self, start, stop):
        """The primary keys of the matching rows ``start`` to ``stop`` in the order asked for."""
        found, skip = self.answers.window(self.facets.sort, start, stop)
        if skip is None:
            return found
        return self._in_order(found)[skip : skip + stop - start]

    def _in_order(self, pks):
        """A few rows in the order asked for, by the database."""
        made = type(self.facets)
        ordering = made.sorts[self.facets.sort][1]
        if (
            callable(ordering) or len(pks) > QUERY_BATCH_SIZE
        ):  # else the SQL is the same each time: 0.1 ms instead of 0.5
            rows = self.facets.queryset.filter(pk__in=pks).order_by(*self.facets.ordering())
            return list(rows.values_list("pk", flat=True))
        return [pk for (pk,) in _sorting(made, self.facets.sort)(pks)]
