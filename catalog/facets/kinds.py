"""Facets by where their values come from: records with a slug, credits, plain columns."""

from django.db.models import Q

from catalog.facets.facet import Facet
from catalog.models import FormerSlug, Person

BATCH = 100_000


def batched(keys):
    """``keys`` in lists that a query takes: SQLite allows 250,000 parameters."""
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))


class SlugFacet(Facet):
    """A facet whose values are rows of ``model``, reached from the list's rows through ``paths``.

    ``seen`` gives the rows of ``model`` that visitors may see; ``name`` is the field shown.
    """

    def __init__(self, model, *paths, key="slug", name="name", visible=None, path_filter=None, **kwargs):
        super().__init__(**kwargs)
        self.target, self.paths, self.key, self.shown, self.path_filter = model, paths, key, name, path_filter
        self.visible = visible or (lambda: model._default_manager.all())

    def resolve_slugs(self, slugs):
        """By slug, or by a slug that the record had formerly."""
        found = self._by_slug(slugs)
        missing = [slug for slug in slugs if slug not in found]
        if missing and self.key == "slug":
            moved = dict(
                FormerSlug.objects.filter(kind=self.target._meta.model_name, old_slug__in=missing).values_list(
                    "old_slug", "new_slug"
                )
            )
            now = self._by_slug(list(moved.values()))
            found |= {old: now[new] for old, new in moved.items() if new in now}
        return found

    def _by_slug(self, slugs):
        wanted = {self.to_db(slug): slug for slug in slugs}
        rows = self.visible().filter(**{f"{self.key}__in": list(wanted)})
        found = rows.order_by().values_list("pk", self.key, self.shown)
        return {wanted[slug]: (pk, wanted[slug], label) for pk, slug, label in found}

    def to_db(self, slug):
        """The slug as the table writes it. Slugs come in small letters, whatever a visitor wrote."""
        return slug

    def labels(self, keys):
        """Those that visitors may see, of ``keys``."""
        rows, found = self.visible().order_by(), {}
        for some in batched(list(keys)):
            found |= {pk: entry for pk, *entry in rows.filter(pk__in=some).values_list("pk", self.key, self.shown)}
        return {pk: (slug, label) for pk, (slug, label) in found.items()}

    def condition(self, keys):
        """Any of the paths leads to one of ``keys``. One filter() each: a second would join the relation anew."""
        query, owner = Q(), self.parent._meta.model._base_manager
        for path in self.paths:
            query |= Q(pk__in=owner.filter(**{f"{path}__in": keys}, **(self.path_filter or {})).order_by().values("pk"))
        return query

    def row_value_pairs(self, rows):
        """One queryset for each path."""
        return self.pairs_from_parent(self.parent._meta.model._base_manager.filter(pk__in=rows.values("pk")))

    def pairs_from_parent(self, owners, above=""):
        """The same from ``owners`` that the paths pass on their way: ``above`` leads from a row to its owner."""
        skipped = len(above) + 2 if above else 0
        condition = {path[skipped:]: value for path, value in (self.path_filter or {}).items()}
        owners = owners.filter(**condition) if condition else owners
        return [owners.values_list("pk", path[skipped:]) for path in self.paths]

    def is_on_parent(self, above):
        """Whether all paths lead over ``above``, so that the values hold for all rows of one owner there."""
        return all(path.startswith(f"{above}__") for path in self.paths)

    def vocabulary(self, keys=None):
        """(key, slug, label, whether visitors may see it) of the values with ``keys``, or of all there are."""
        rows = self.target._default_manager.order_by()
        rows, seen = (
            (rows, self.visible()) if keys is None else (rows.filter(pk__in=keys), self.visible().filter(pk__in=keys))
        )
        seen = set(seen.order_by().values_list("pk", flat=True))
        for pk, slug, label in rows.values_list("pk", self.key, self.shown).iterator(chunk_size=20_000):
            yield pk, self.to_slug(slug), label, pk in seen

    def affected_keys(self, touched):
        """The keys of values that changes (``catalog.facets.index.affected.Touched``) may have renamed or hidden."""
        return touched.of[self.target._meta.model_name]

    def to_slug(self, key):
        """How addresses write what the table has."""
        return key


class CodeFacet(SlugFacet):
    """A facet over an ISO vocabulary: its values are codes, in small letters in addresses."""

    def __init__(self, model, *paths, upper=False, **kwargs):
        super().__init__(model, *paths, key="code", **kwargs)
        self.upper = upper

    def to_db(self, slug):
        """Countries are stored in capitals, languages in small letters."""
        return slug.upper() if self.upper else slug

    def to_slug(self, key):
        """Small letters."""
        return key.lower()

    def labels(self, keys):
        """Codes in small letters."""
        return {pk: (self.to_slug(code), label) for pk, (code, label) in super().labels(keys).items()}


class ColumnFacet(Facet):
    """A facet over a value in the row itself: ``path`` or an expression. The slug is made from it and back.

    ``annotate`` adds the column ``facet_value`` to the rows; ``read`` turns a slug into its values (None: no
    such value can be); ``write`` turns a value into (slug, label).
    """

    def __init__(self, expression, parse, format, ascending=None, **kwargs):
        super().__init__(**kwargs)
        self.expression, self.parse, self.format, self.ascending = expression, parse, format, ascending

    def resolve_slugs(self, slugs):
        """Values that some row has which visitors may see."""
        found = {}
        for slug in slugs:
            value = self.parse(slug)
            if value is not None:
                found[slug] = (value, *self.format(value))
        rows = self._column(self.parent.queryset).filter(facet_value__in=[value for value, _, _ in found.values()])
        there = set(rows.values_list("facet_value", flat=True).distinct())
        return {slug: entry for slug, entry in found.items() if entry[0] in there}

    def condition(self, keys):
        """Rows with one of the values."""
        return Q(pk__in=self._column(self._all()).filter(facet_value__in=list(keys)).values("pk"))

    def row_value_pairs(self, rows):
        """The column itself."""
        return [self._column(self._all()).filter(pk__in=rows.values("pk")).values_list("pk", "facet_value")]

    def labels(self, keys):
        """Slug and label as ``write`` gives them."""
        return {key: self.format(key) for key in keys if key != ""}

    @property
    def by_count(self):
        """Years and seasons may have an order of their own."""
        return self.ascending is None

    def normalize(self, value):
        """The value that stands for ``value`` as written: itself."""
        return value

    def sort_key(self, entry):
        """Years and seasons in their own order, other columns by count."""
        if self.ascending is None:
            return super().sort_key(entry)
        key = entry[0]
        return (key if self.ascending else -key,) if isinstance(key, int) else super().sort_key(entry)

    def _all(self):
        return self.parent._meta.model._base_manager.all()

    def _column(self, rows):
        return rows.order_by().annotate(facet_value=self.expression)


class CreditFacet(SlugFacet):
    """A facet over people by their credits. ``roles`` or ``department`` narrow which; neither: any role.

    ``reach`` are the lookups from a credit to the rows, one for each level that credits stand on; ``credits``
    gives the credits that count at all.
    """

    def __init__(self, *, reach, credits, roles=(), department="", **kwargs):
        super().__init__(Person, visible=lambda: Person.objects.published(), **kwargs)
        self.reach, self.credits, self.roles, self.department = reach, credits, roles, department

    def counted(self):
        """The credits that count for this facet."""
        found = self.credits().order_by()
        if self.roles:
            found = found.filter(role__slug__in=self.roles)
        if self.department:
            found = found.filter(role__department__slug=self.department)
        return found

    def condition(self, keys):
        """Rows that a credit of one of ``keys`` reaches."""
        theirs = self.counted().filter(person__in=keys)
        query = Q()
        for path in self.reach:
            query |= Q(pk__in=theirs.filter(**{f"{path}__isnull": False}).values(path))
        return query

    def row_value_pairs(self, rows):
        """One queryset for each level that credits stand on."""
        return [
            self.counted().filter(**{f"{path}__in": rows.values("pk")}).values_list(path, "person")
            for path in self.reach
        ]
