"""The engine that asks the database each time: simple, and right by construction. The index is measured against it."""

from catalog.text import fold


class SqlEngine:
    """Answers for one FacetSet by SQL."""

    def __init__(self, facets):
        self.facets = facets

    @classmethod
    def for_facets(cls, facets):
        """It can always answer."""
        return cls(facets)

    def resolve(self, name, slugs):
        """The values of a facet among ``slugs``: ``{slug: (key, present slug, label)}``."""
        return self.facets.facets[name].resolve(slugs)

    def unfiltered_total(self):
        """How many rows there are without any selection."""
        return self.facets.queryset.count()

    def total(self, **changes):
        """How many rows match; ``changes`` put other values in the place of what was chosen of a filter."""
        return self.facets.rows(**changes).count()

    def counts(self, name):
        """``{key: count}`` of every visible value of a facet among the rows that the other filters leave."""
        facet = self.facets.facets[name]
        counts = facet.counts(self.facets.rows(**{name: None}))
        return {key: counts[key] for key in facet.labels(counts)}

    def top_values(self, name, most=None):
        """The first ``most`` values as (key, slug, label, count), and how many there are in all."""
        facet = self.facets.facets[name]
        counts = facet.counts(self.facets.rows(**{name: None}))
        entries = [(key, *entry, counts[key]) for key, entry in facet.labels(counts).items()]
        return sorted(entries, key=facet.sort_key)[:most], len(entries)

    def all_values(self, name, find, without):
        """All values whose labels hold ``find`` but the keys ``without``, as ``top`` orders them: a sequence."""
        find = fold(find)
        return [entry for entry in self.top_values(name)[0] if entry[0] not in without and find in fold(entry[2])]

    def count_of(self, name, key):
        """How many rows have one value, among those that the other filters leave."""
        rows = self.facets.rows(**{name: None})
        return rows.filter(self.facets.facets[name].condition([key])).count()

    def page_ids(self, start, stop):
        """The primary keys of the matching rows ``start`` to ``stop`` in the order asked for."""
        return list(self.facets.ordered().values_list("pk", flat=True)[start:stop])
