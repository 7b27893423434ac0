"""Facets over the credits of rows: the people, by their roles, and the roles themselves."""

from collections import Counter
from copy import copy

from django.db.models import Count, Q

from catalog.facets.kinds import SlugFacet
from catalog.models import Person, Role


class FacetOfCredits(SlugFacet):
    """A facet over the records that credits name in ``credit_field``.

    ``credit_paths`` lead from a credit to the rows, one for each level that credits are on; ``credits`` returns the
    credits that count.
    """

    credit_field = ""

    def __init__(self, model, *, credit_paths, credits, **kwargs):
        super().__init__(model, **kwargs)
        self.credit_paths, self.credits = credit_paths, credits

    def counted_credits(self):
        """Return the credits that this facet counts."""
        return self.credits().order_by()

    def condition(self, keys):
        """Return the condition for rows with a credit that names one of these records."""
        credits = self.counted_credits().filter(**{f"{self.credit_field}__in": keys})
        query = Q()
        for path in self.credit_paths:
            query |= Q(pk__in=credits.filter(**{f"{path}__isnull": False}).values(path))
        return query

    def row_value_pairs(self, rows):
        """Return a queryset for each level that credits are on."""
        return [
            self.counted_credits().filter(**{f"{path}__in": rows.values("pk")}).values_list(path, self.credit_field)
            for path in self.credit_paths
        ]


class CreditFacet(FacetOfCredits):
    """A facet over people by their credits: of some ``roles``, of a ``department``, of all departments but one, or any.

    ``combines`` names facets that together have the values of this one: it is a parameter without a block, and the
    index uses their arrays. ``qualified_by`` names the facet whose selected values say in which role.
    """

    credit_field = "person"
    role_keys: tuple[int, ...] | None = None  # the roles to which a facet is limited, see ``in_roles``

    def __init__(
        self,
        *,
        roles=(),
        department="",
        outside_department="",
        names_roles=False,
        combines=(),
        qualified_by="",
        **kwargs,
    ):
        super().__init__(Person, visible=lambda: Person.objects.published(), **kwargs)
        self.names_roles, self.combines, self.qualified_by = names_roles, combines, qualified_by
        self.lists_values = self.has_block = not combines
        self.roles, self.department, self.outside_department = roles, department, outside_department

    def in_roles(self, keys):
        """Return this facet limited to credits in roles with these primary keys."""
        limited = copy(self)
        limited.role_keys = tuple(keys)
        return limited

    def role_condition(self, path=""):
        """Return the condition for the roles that count; ``path`` leads to the role."""
        condition = Q()
        if self.roles:
            condition &= Q(**{f"{path}slug__in": self.roles})
        if self.department:
            condition &= Q(**{f"{path}department__slug": self.department})
        if self.outside_department:
            condition &= ~Q(**{f"{path}department__slug": self.outside_department})
        if self.role_keys is not None:
            condition &= Q(**{f"{path}pk__in": self.role_keys})
        return condition

    def counted_roles(self):
        """Return the primary keys of the roles that count."""
        return tuple(Role.objects.filter(self.role_condition()).values_list("pk", flat=True))

    def counted_credits(self):
        """Return the credits in the roles that count."""
        return super().counted_credits().filter(self.role_condition("role__"))

    def roles_of(self, keys, rows):
        """Return the names of people's counted roles in ``rows``, the most frequent first: ``{key: names}``."""
        credits = self.counted_credits().filter(person__in=keys)
        counts: Counter[tuple[int, int]] = Counter()
        for path in self.credit_paths:
            credits_on_rows = credits.filter(**{f"{path}__in": rows.values("pk")}).values_list("person", "role")
            counts.update({(person, role): n for person, role, n in credits_on_rows.annotate(n=Count(path))})
        names = dict(Role.objects.values_list("pk", "name"))  # in the industry's order, which sorts equal counts
        by_count = {key: sorted(names, key=lambda role: -counts[key, role]) for key in keys}
        return {key: [names[role] for role in roles if counts[key, role]] for key, roles in by_count.items()}


class RoleFacet(FacetOfCredits):
    """A facet over the roles in which visible people are credited.

    With people selected in a facet ``qualified_by`` this one, it says in which role their credits must be.
    """

    credit_field = "role"

    def __init__(self, **kwargs):
        super().__init__(Role, **kwargs)

    def counted_credits(self):
        """Return the credits of people whom visitors may see."""
        return super().counted_credits().of_published_people()
