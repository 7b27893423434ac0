"""The engine that answers while the index is being read: rows without counts, by SQL within a time limit."""

import time

from catalog.facets.sql_engine import SqlEngine
from catalog.models.time_limit import TimeLimitExceeded, time_limit

MAX_SORT_SECONDS, MAX_SECONDS = 0.6, 1.2  # since the request began


class UncountedEngine(SqlEngine):
    """Answers for one FacetSet with rows in the requested order, or in any order if sorting takes too long.

    Counts raise ``TimeLimitExceeded``: of two million episodes they took minutes, in all threads of a worker.
    """

    is_counted = False

    def __init__(self, facets):
        super().__init__(facets)
        self.is_sorted = True
        self.start = time.monotonic()

    def _refuse(self, *args, **kwargs):
        raise TimeLimitExceeded

    unfiltered_total = total = not_recorded = counts = top_values = all_values = count_of = roles_of = _refuse

    def resolve(self, name, slugs):
        """Return the values of a facet that have one of ``slugs``: ``{slug: (key, present slug, label)}``."""
        with time_limit(self.start + MAX_SECONDS):
            return super().resolve(name, slugs)

    def role_totals(self, people):
        """Return ``{key: RoleTotal of each role}`` of people."""
        with time_limit(self.start + MAX_SECONDS):
            return super().role_totals(people)

    def page_ids(self, start, stop):
        """Return the primary keys of the matching rows ``start`` to ``stop``; ``is_sorted`` says how."""
        try:
            with time_limit(self.start + MAX_SORT_SECONDS):
                return super().page_ids(start, stop)
        except TimeLimitExceeded:
            self.is_sorted = False
        with time_limit(self.start + MAX_SECONDS):
            return list(self.facets.rows().order_by().values_list("pk", flat=True)[start:stop])
