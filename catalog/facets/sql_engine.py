"""The engine that queries the database for each answer: simple, and the reference for the index."""

from catalog.facets.choice import not_recorded_changes
from catalog.models import Credit
from catalog.models.shared_work import co_credit_counts
from catalog.text import fold


class SqlEngine:
    """Answers for one FacetSet by SQL."""

    is_counted = True  # False: rows only
    is_sorted = True

    def __init__(self, facets):
        self.facets = facets

    @classmethod
    def for_facets(cls, facets):
        """Return the engine of a FacetSet; SQL can always answer."""
        return cls(facets)

    def resolve(self, name, slugs):
        """Return the values of a facet that have one of ``slugs``: ``{slug: (key, present slug, label)}``."""
        return self.facets.facets[name].resolve(slugs)

    def unfiltered_total(self):
        """Return how many rows there are without any selection."""
        return self.facets.queryset.count()

    def total(self, **changes):
        """Return how many rows match; ``changes`` replace the selected values of filters."""
        return self.facets.rows(**changes).count()

    def not_recorded(self, name):
        """Return how many of the rows that the other filters leave have no value of a facet."""
        return self.total(**not_recorded_changes(name))

    def counted(self, name):
        """Return (the facet, the rows among which its values are counted)."""
        rows = self.facets.rows(**self.facets.own_changes(name))
        return self.facets.facet_in_roles(name, self.facets.choices), rows

    def counts(self, name):
        """Return ``{key: count}`` of the visible values of a facet among the rows that the other filters select."""
        return {key: count for key, _, _, count in self._entries(name)[1]}

    def _entries(self, name):
        """Return (the facet, its values with their counts)."""
        facet, rows = self.counted(name)
        if not self.facets.is_counted_by_total(name):
            counts = facet.counts(rows)
            return facet, [(key, *entry, counts[key]) for key, entry in facet.labels(counts).items()]
        labels, changes = facet.labels(facet.counts(self.facets.queryset)), self.facets.own_changes(name)
        totals = {key: self.total(**(changes | {name: [slug]})) for key, (slug, _) in labels.items()}
        return facet, [(key, *entry, totals[key]) for key, entry in labels.items() if totals[key]]

    def top_values(self, name, limit=None):
        """Return the first ``limit`` values as (key, slug, label, count), and how many there are in all."""
        facet, entries = self._entries(name)
        return facet.sorted_values(entries)[:limit], len(entries)

    def in_order(self, name, entries):
        """Return a few values sorted as ``top_values`` are."""
        facet, entry_by_key = self.facets.facets[name], {entry[0]: entry for entry in entries}
        return facet.sorted_values([entry_by_key[key] for key in facet.labels(entry_by_key)])

    def roles_of(self, name, keys):
        """Return the names of the roles in which people are counted: ``{key: names}``.

        Those in the rows that the other filters select, the most frequent first; the facet has ``names_roles``.
        """
        facet, rows = self.counted(name)
        return facet.roles_of(keys, rows)

    def credit_total(self):
        """Return how many credits all people of the list have, if it is that of people."""
        return Credit.objects.count_visible()

    def shared_values(self, name, limit):
        """Return the first values of a facet that combines others, among the rows that it selects too."""
        facet = self.facets.facets[name]
        counts = facet.count_pairs(self.facets.rows())
        entries = [(key, *entry, counts[key]) for key, entry in facet.labels(counts).items()]
        return facet.sorted_values(entries)[:limit]

    def co_credited(self, name, key, limit):
        """Return the people who have most episodes in common with one person by credits on the episodes themselves."""
        facet, counts = self.facets.facets[name], co_credit_counts(key)
        entries = [(key, *entry, counts[key]) for key, entry in facet.labels(counts).items()]
        return facet.sorted_values(entries)[:limit]

    def role_totals(self, people):
        """Return ``{key: RoleTotal of each role}`` of people."""
        return Credit.objects.visible().role_totals(people)

    def all_values(self, name, find, without):
        """Return a sequence of the values whose labels contain ``find``, in the order of ``top_values``.

        The values with the keys ``without`` are left out.
        """
        text = fold(find)
        return [entry for entry in self.top_values(name)[0] if entry[0] not in without and text in fold(entry[2])]

    def count_of(self, name, key):
        """Return how many rows have one value, among those that the other filters select."""
        if self.facets.is_counted_by_total(name):
            return self.counts(name).get(key, 0)
        facet, rows = self.counted(name)
        return rows.filter(facet.condition([key])).count()

    def counts_of(self, name, keys):
        """Return ``{key: count_of}`` for several keys."""
        counts = self.counts(name)
        return {key: counts.get(key, 0) for key in keys}

    def page_ids(self, start, stop):
        """Return the primary keys of the matching rows ``start`` to ``stop`` in the requested order."""
        return list(self.facets.ordered().values_list("pk", flat=True)[start:stop])
