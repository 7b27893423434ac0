"""Kinds of facets, by where their values come from: records with a slug, and columns."""

from django.db.models import CharField, Q
from django.db.models.functions import Cast

from catalog.facets.facet import Facet
from catalog.models import FormerSlug

KEY_BATCH_SIZE = 100_000  # keys in one query: SQLite allows 250,000 parameters


class SlugFacet(Facet):
    """A facet whose values are records of ``model``, reached from the list's rows through ``paths``.

    ``visible`` returns the records that visitors may see. ``path_filter`` narrows the rows of the relations on the
    paths, as arguments of ``filter``.
    """

    def __init__(self, model, *paths, slug_field="slug", label_field="name", visible=None, path_filter=None, **kwargs):
        super().__init__(**kwargs)
        self.target, self.paths, self.path_filter = model, paths, path_filter or {}
        self.slug_field, self.label_field = slug_field, label_field
        self.visible = visible or (lambda: model._default_manager.all())

    def resolve_slugs(self, slugs):
        """Look values up by slug, or by a former slug of the record."""
        entries = self._by_slug(slugs)
        missing = [slug for slug in slugs if slug not in entries]
        if missing and self.slug_field == "slug":
            kind = self.target._meta.model_name
            former = FormerSlug.objects.filter(kind=kind, old_slug__in=missing)
            new_slugs = dict(former.values_list("old_slug", "new_slug"))
            current = self._by_slug(list(new_slugs.values()))
            entries |= {old: current[new] for old, new in new_slugs.items() if new in current}
        return entries

    def _by_slug(self, slugs):
        slug_by_column = {self.to_db(slug): slug for slug in slugs}
        rows = self.visible().filter(**{f"{self.slug_field}__in": list(slug_by_column)}).order_by()
        return {
            slug_by_column[column]: (pk, slug_by_column[column], label)
            for pk, column, label in rows.values_list("pk", self.slug_field, self.label_field)
        }

    def to_db(self, slug):
        """Return a slug as the column has it; submitted slugs are in lower case."""
        return slug

    def to_slug(self, column):
        """Return the column's value as addresses write it."""
        return column

    def labels(self, keys):
        """Leave out the values that visitors may not see. They are in the order of their sort keys."""
        rows, keys = self.visible().order_by(), list(keys)
        values: list[tuple] = []
        for start in range(0, len(keys), KEY_BATCH_SIZE):
            batch = rows.filter(pk__in=keys[start : start + KEY_BATCH_SIZE])
            values += batch.values_list("sort_key", self.slug_field, "pk", self.label_field)
        return {pk: (self.to_slug(column), label) for _, column, pk, label in sorted(values)}

    def sorted_values(self, entries):
        """Sort the most frequent values first, and otherwise as ``labels`` does."""
        return sorted(entries, key=lambda entry: -entry[3])

    def condition(self, keys):
        """Combine the paths. Each has a filter() of its own, with path_filter, so that both use the same join."""
        query, rows = Q(), self.parent._meta.model._base_manager
        for path in self.paths:
            query |= Q(pk__in=rows.filter(**{f"{path}__in": keys}, **self.path_filter).order_by().values("pk"))
        return query

    def recorded(self):
        """Return the condition for rows with any visible value."""
        return self.condition(self.visible().order_by().values("pk"))

    def row_value_pairs(self, rows):
        """Return a queryset for each path."""
        return self.pairs_from_parent(self.parent._meta.model._base_manager.filter(pk__in=rows.values("pk")))

    def pairs_from_parent(self, parents, parent_path=""):
        """Return querysets of (parent's primary key, value's key); the paths pass ``parents`` at ``parent_path``."""
        skipped = len(parent_path) + 2 if parent_path else 0
        condition = {path[skipped:]: value for path, value in self.path_filter.items()}
        parents = parents.filter(**condition) if condition else parents
        return [parents.values_list("pk", path[skipped:]) for path in self.paths]

    def is_on_parent(self, parent_path):
        """Whether all paths pass ``parent_path``, so that all rows of one parent have the same values."""
        return all(path.startswith(f"{parent_path}__") for path in self.paths)

    def vocabulary_rows(self, keys=None):
        """Yield a ``VocabularyRow`` of the values with ``keys``, or of all values."""
        rows, visible = self.target._default_manager.order_by(), self.visible()
        if keys is not None:
            rows, visible = rows.filter(pk__in=keys), visible.filter(pk__in=keys)
        visible_keys = set(visible.order_by().values_list("pk", flat=True))
        values = rows.values_list("pk", self.slug_field, self.label_field, "sort_key")
        for pk, column, label, sort_key in values.iterator(chunk_size=20_000):
            yield pk, self.to_slug(column), label, sort_key, pk in visible_keys

    def affected_keys(self, records):
        """Return the keys of values that changes (``AffectedRecords``) may have renamed, shown or hidden."""
        return records.changed[self.target._meta.model_name]


class CodeFacet(SlugFacet):
    """A facet over an ISO vocabulary. Its slugs are the codes in lower case; the table has some in ``upper`` case."""

    def __init__(self, model, *paths, upper=False, **kwargs):
        super().__init__(model, *paths, slug_field="code", **kwargs)
        self.upper = upper

    def to_db(self, slug):
        """Country codes are stored in upper case, language codes in lower case."""
        return slug.upper() if self.upper else slug

    def to_slug(self, column):
        """Return the code in lower case."""
        return column.lower()


class ColumnFacet(Facet):
    """A facet over an expression on the row itself, which its queries annotate as ``facet_value``.

    ``parse`` returns the value of a slug, None if it cannot be one; ``format`` returns (slug, label) of a value.
    ``ascending`` sorts the values by themselves, up or down; None sorts them by count. ``within`` is the facet without
    which the values say nothing.
    """

    has_one_value = True

    def __init__(self, expression, parse, format, ascending=None, within="", **kwargs):
        super().__init__(**kwargs)
        self.expression, self.parse, self.format, self.ascending = expression, parse, format, ascending
        self.within = within
        self.by_count = ascending is None and self.by_count

    def resolve_slugs(self, slugs):
        """Return the values that some visible row has."""
        entries = {}
        for slug in slugs:
            value = self.parse(slug)
            if value is not None:
                entries[slug] = (value, *self.format(value))
        rows = self._column(self.parent.queryset).filter(facet_value__in=[value for value, _, _ in entries.values()])
        existing = set(rows.values_list("facet_value", flat=True).distinct())
        return {slug: entry for slug, entry in entries.items() if entry[0] in existing}

    def condition(self, keys):
        """Return the condition for rows with one of the values."""
        return Q(pk__in=self._column(self._all_rows()).filter(facet_value__in=list(keys)).values("pk"))

    def recorded(self):
        """Return the condition for rows with a value, which as text is not empty."""
        rows = self._column(self._all_rows()).annotate(facet_text=Cast("facet_value", CharField()))
        return Q(pk__in=rows.filter(facet_text__gt="").values("pk"))

    def row_value_pairs(self, rows):
        """Return the column itself."""
        return [self._column(self._all_rows()).filter(pk__in=rows.values("pk")).values_list("pk", "facet_value")]

    def labels(self, keys):
        """Format the values."""
        return {key: self.format(key) for key in keys if key != ""}

    def normalize(self, value):
        """Return the value under which ``value`` of the column is counted."""
        return value

    def sort_key(self, entry):
        """Sort years and seasons by themselves, other columns by count."""
        if self.ascending is None:
            return super().sort_key(entry)
        key = entry[0]
        return (key if self.ascending else -key,) if isinstance(key, int) else super().sort_key(entry)

    def _all_rows(self):
        return self.parent._meta.model._base_manager.all()

    def _column(self, rows):
        return rows.order_by().annotate(facet_value=self.expression)
