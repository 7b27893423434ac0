"""What was edited since: read off the change log, and off the clock for what was to be published by now."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q

from catalog.models import Change, Credit, Episode, Season
from catalog.models.change import EVERYTHING
from catalog.models.publication import PUBLISHED_MODELS

# Of these, the log's entry says enough only for a new index: a role that moves to another department moves all its
# credits. Rare: they are the vocabulary.
REBUILD = {"role", "department", EVERYTHING}
# The fields by which a record comes into sight, goes, or moves to another season or series with all its credits.
SEEN_BY = {"published_at", "season_id", "series_id"}
# What tells of the series, season, episode or person that it belongs to; genres and the like, when series are tied
# to them from their side.
TELLING = {"credit", "featuredcharacter", "seriescompany", "genre", "country", "language"}


@dataclass
class AffectedRecords:
    """The primary keys that changes are about, by kind. ``shown``: those that may have come into sight or gone."""

    everything: bool = False
    of: dict = field(default_factory=lambda: defaultdict(set))
    shown: dict = field(default_factory=lambda: defaultdict(set))
    credited: dict = field(default_factory=lambda: defaultdict(set))  # what a changed credit is on, and whose it is
    above: dict = field(default_factory=lambda: defaultdict(set))  # what a changed episode or season stands in

    def __bool__(self):
        return self.everything or bool(self.of)

    def add(self, kind, pk, touches, seen):
        """Take in one change."""
        self.everything |= kind in REBUILD
        self.of[kind].add(pk)
        if seen:
            self.shown[kind].add(pk)
        owners = {"episode": self.above, "season": self.above}.get(kind) if kind not in TELLING else self.credited
        for other, key in touches if owners is not None else ():
            owners[other].add(key)


def since(version):
    """(the log's version now, what was touched after ``version``)."""
    touched = AffectedRecords()
    for change in Change.objects.after(version).iterator():
        seen = change.action != Change.Action.CHANGED or not SEEN_BY.isdisjoint(change.fields)
        touched.add(change.kind, change.record_id, change.touches, seen)
        version = change.pk
    return version, touched


def published_between(start, end, touched):
    """Add what a plan of publication brought into sight after ``start``, until ``end``."""
    for kind, model in PUBLISHED_MODELS.items():
        due = model._base_manager.filter(published_at__gt=start, published_at__lte=end)
        for pk in due.values_list("pk", flat=True):
            touched.add(kind, pk, (), True)


def episodes(touched):
    """A condition for the episodes to read again, and the keys by owner of those that the arrays hold."""
    found = {name: touched.of[name] | touched.credited[name] for name in ("episode", "season", "series")}
    if touched.shown["person"]:  # who plays a character is counted only while visitors see them
        played = Credit.objects.filter(
            person__in=touched.shown["person"], character__isnull=False, episode__isnull=False
        )
        found["episode"] |= set(played.order_by().values_list("episode", flat=True))
    condition = Q(pk__in=found["episode"]) | Q(season__in=found["season"]) | Q(season__series__in=found["series"])
    return condition, {"pk": found["episode"], "season": found["season"], "series": found["series"]}


def series(touched):
    """The same for series: their own facts, and all credits in them."""
    found = touched.of["series"] | touched.credited["series"] | touched.above["series"]
    seasons = touched.of["season"] | touched.credited["season"] | touched.above["season"]
    episodes = touched.of["episode"] | touched.credited["episode"]
    found |= set(Episode._base_manager.filter(pk__in=episodes).values_list("season__series", flat=True))
    found |= set(Season._base_manager.filter(pk__in=seasons).values_list("series", flat=True))
    return Q(pk__in=found), {"pk": found}


def people(touched):
    """The same for people: themselves, and all who are credited on what came into sight or went."""
    found = touched.of["person"] | touched.credited["person"]
    shown = touched.shown
    if shown["series"] or shown["season"] or shown["episode"]:
        credits = Credit.objects.order_by().filter(
            Q(series__in=shown["series"])
            | Q(season__in=shown["season"])
            | Q(episode__in=shown["episode"])
            | Q(season__series__in=shown["series"])
            | Q(episode__season__in=shown["season"])
            | Q(episode__season__series__in=shown["series"])
        )
        found |= set(credits.values_list("person", flat=True))
    return Q(pk__in=found), {"pk": found}
