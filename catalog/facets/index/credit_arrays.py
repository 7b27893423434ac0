"""Credits as arrays: read once, and laid out by facet for each list."""

from dataclasses import dataclass

import numpy as np

from catalog.facets.index.read_arrays import Lookup, among, chunked, distinct, few
from catalog.facets.index.segment import Above, Level, Sums
from catalog.facets.index.sparse import Pairs
from catalog.models import Episode, Role, Season, Series

FEW = 500  # keys that are asked for by name


@dataclass(frozen=True)
class Credits:
    """One entry a credit: who, as what, and on which series, season or episode (0 for the two that it is not on)."""

    person: np.ndarray
    role: np.ndarray
    series: np.ndarray
    season: np.ndarray
    episode: np.ndarray

    @classmethod
    def read(cls, queryset, columns=chunked):
        """All of ``queryset``."""
        return cls(*columns(queryset, "person", "role", "series", "season", "episode"))

    @classmethod
    def on(cls, queryset, episodes=(), seasons=(), series=()):
        """Those of ``queryset`` on the given few episodes, seasons and series (primary keys)."""
        wanted = (("episode", episodes), ("season", seasons), ("series", series))
        parts = [cls.read(queryset.filter(**{f"{name}__in": list(keys)}), few) for name, keys in wanted]
        return cls(*(np.concatenate([getattr(p, name) for p in parts]) for name in cls.__dataclass_fields__))

    def chosen(self, mask):
        """Those of ``mask``."""
        return Credits(*(getattr(self, name)[mask] for name in self.__dataclass_fields__))

    def counted_by(self, facet):
        """A mask of those that a facet over credits counts: of its roles or its department."""
        if not facet.roles and not facet.department:
            return np.ones(len(self.role), bool)
        roles = Role.objects.all()
        roles = roles.filter(slug__in=facet.roles) if facet.roles else roles.filter(department__slug=facet.department)
        return np.isin(self.role, np.array(list(roles.values_list("pk", flat=True)), np.int64))

    def on_series(self):
        """The series that each credit belongs to, whichever level it stands on; 0 where visitors do not see it."""
        episodes, seasons = self.episode[self.episode > 0], self.season[self.season > 0]
        season_of, series_of = _parents(Episode, "season", episodes), _parents(Season, "series", seasons)
        of_episodes = _parents(Season, "series", season_of)
        found = _parents(Series, "pk", self.series)
        found[self.episode > 0] = of_episodes
        found[self.season > 0] = series_of
        return found


def _parents(model, field, keys):
    """The ``field`` of each of ``keys``; 0 for what visitors do not see. Few are asked for by key, else all read."""
    asked = distinct(keys)
    seen = model.objects.published()
    if len(asked) <= FEW:
        pks, parents = few(seen.filter(pk__in=asked.tolist()), "pk", field)
    else:
        pks, parents = chunked(seen, "pk", field)
    places = Lookup(pks).places(keys)
    return np.where(places >= 0, parents[places], 0) if len(pks) else np.zeros(len(keys), np.int64)


class Places:
    """Where the rows of a segment of episodes stand: ``seasons`` and ``series`` are theirs, each once.

    ``whole``: the segment is the entire list, so its levels get their sums.
    """

    def __init__(self, pks, season, series, whole):
        self.whole = whole
        self.rows, self.seasons, self.series = Lookup(pks), Lookup(distinct(season)), Lookup(distinct(series))
        self.season_of, self.series_of = self.seasons.places(season), self.series.places(series)
        self.in_season = Above(self.season_of, len(self.seasons.keys))
        self.in_series = Above(self.series_of, len(self.series.keys))
        self.series_of_season = np.zeros(len(self.seasons.keys), np.int64)
        self.series_of_season[self.season_of] = self.series_of

    def levels(self, credits, names):
        """Levels of credits on the series, on the season, on the episode itself; nobody counts on two of them."""
        person, span = names.ordinals(credits.person), len(names) + 1
        on_series = _placed(self.series, credits.series, person)
        on_season = _placed(self.seasons, credits.season, person)
        on_season = _less(on_season, self.series_of_season, on_series, span)
        own = _less(_placed(self.rows, credits.episode, person), self.series_of, on_series, span)
        own = _less(own, self.season_of, on_season, span)
        own = Pairs.of(*own, len(self.rows.keys))
        found = [
            Level(None, own, Sums(self.in_series, own) if self.whole else None),
            Level(self.in_season, Pairs.of(*on_season, len(self.seasons.keys))),
            Level(self.in_series, Pairs.of(*on_series, len(self.series.keys))),
        ]
        return [level for level in found if len(level.pairs.values)]


def _placed(lookup, column, person):
    """(owner, person) for the credits that stand on this level, on something in the segment."""
    chosen = column > 0
    owner = lookup.places(column[chosen])
    kept = (owner >= 0) & (person[chosen] >= 0)
    return owner[kept], person[chosen][kept]


def _less(pairs, above, implied, span):
    """Pairs of (owner, value) without those that the owner ``above`` has already."""
    owners, values = pairs
    if not len(owners) or not len(implied[0]):
        return pairs
    kept = ~among(above[owners] * span + values, implied[0] * span + implied[1])
    return owners[kept], values[kept]
