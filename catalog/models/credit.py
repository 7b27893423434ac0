"""Credits: a person in a role on a series, season or episode."""

from typing import NamedTuple

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber

from catalog.models.base import NaturalKey, NaturalKeyManager, exactly_one
from catalog.models.bounds import SMALL
from catalog.models.character import Character
from catalog.models.compiled_query import query_time
from catalog.models.episode import Episode
from catalog.models.person import Person
from catalog.models.role import Role, check_words  # noqa: F401  (migration 0001 imports check_words from here)
from catalog.models.season import Season
from catalog.models.series import Series

CAST_DEPARTMENT = "cast"
# Roles in a writing credit. Story editors and staff writers belong to the department, but wrote no single episode.
WRITING_ROLES = ("writer", "story", "teleplay", "screenplay")

# For each level of a credit, the path to the episodes to which it may apply.
EPISODE_PATHS = {"episode": "episode", "season": "season__episodes", "series": "series__seasons__episodes"}
MAX_ROLE_CHARACTERS = 2  # named of those that somebody plays in a role
# The series of a credit, be it on the series, a season or an episode.
CREDITED_SERIES_TITLE = Coalesce("series__title", "season__series__title", "episode__season__series__title")


class RoleTotal(NamedTuple):
    """How many credits somebody has in a role, and the characters (primary keys) of most of them."""

    role: int
    total: int
    characters: tuple[int, ...]


def by_total_then_character(row):
    """Sort key of (person, role, character or None, total): most credits first, then the oldest character."""
    _, _, character, total = row
    return -total, character or 0


class CreditQuerySet(models.QuerySet):
    """Selects and sorts credits."""

    def in_order(self, *first):
        """Sorted by the columns ``first``, then by department and role, then by billing."""
        billing = F("billing").asc(nulls_last=True)
        return self.order_by(*first, "role__department__position", "role__position", billing, "person__sort_key", "pk")

    def by_subject(self):
        """Sorted by what they are on: the series, then each season before its episodes; pilots after others."""
        season = Coalesce("season__number", "episode__season__number", Value(-1))
        return self.order_by(season, Coalesce("episode__number", Value(-1)), "pilot_only", "billing", "pk")

    def for_list(self):
        """With person, role and character, for a line."""
        return self.select_related("person", "role__department", "character")

    def for_page(self):
        """With the series, season or episode too, for a line among those of other series."""
        return self.for_list().select_related("series", "season__series", "episode__season__series", "episode__picture")

    def for_person_page(self):
        """With character, season and episode, for the page of a person who is known, as are roles and series."""
        return self.select_related("season", "episode__season", "character")

    def visible(self):
        """Credits that visitors may see: of a published person, on a published series, season or episode."""
        now = query_time()

        def all_published(*paths):
            return Q(**{f"{path}__published_at__lte": now for path in paths})

        return self.filter(
            all_published("series")
            | all_published("season", "season__series")
            | all_published("episode", "episode__season", "episode__season__series"),
            person__published_at__lte=now,
        )

    def count_visible(self) -> int:
        """``visible().count()``, computed as the number of all credits minus those hidden by drafts.

        Drafts are few and indexed, so the outer joins of ``visible`` are avoided: 8 ms instead of 680 ms for the
        476,511 credits of size M, 24 ms if 2 % of all records are drafts. A UNION, since PostgreSQL uses no index for
        an OR of such conditions (39 ms instead of 110 ms).
        """
        credits = self.order_by().values("pk")
        people, series, seasons, episodes = (
            model.objects.unpublished().order_by().values("pk") for model in (Person, Series, Season, Episode)
        )
        hidden = credits.filter(person__in=people).union(
            credits.filter(series__in=series),
            credits.filter(season__in=seasons),
            credits.filter(season__series__in=series),
            credits.filter(episode__in=episodes),
            credits.filter(episode__season__in=seasons),
            credits.filter(episode__season__series__in=series),
        )
        return credits.count() - hidden.count()

    def applying_to_episodes(self):
        """Credits that apply to each episode of their series or season, and all credits on an episode.

        On a series or season these are crew and main cast. A recurring, guest or pilot-only credit, a cast credit
        without a kind, and one for some episodes does not say for which episodes it is, and applies to none.
        """
        for_all = Q(pilot_only=False, for_some_episodes=False)
        return self.filter(
            Q(episode__isnull=False) | for_all & (Q(kind=Credit.Kind.MAIN) | ~Q(role__department__slug=CAST_DEPARTMENT))
        )

    def on_episodes(self, episodes, roles):
        """Credits in ``roles`` (slugs) directly on the episodes with these primary keys, for table rows."""
        return self.for_list().in_order().filter(episode__in=episodes, role__slug__in=roles)

    def of_published_people(self):
        """Credits of people whom visitors may see."""
        return self.filter(person__published_at__lte=query_time())

    def cast(self):
        """Credits of the cast, sorted: the main cast first, by billing; others and pilots after it."""
        is_other = Case(When(kind=Credit.Kind.MAIN, pilot_only=False, then=0), default=1)
        return self.filter(role__department__slug=CAST_DEPARTMENT).in_order(is_other)

    def crew(self):
        """Credits outside the cast, sorted."""
        return self.exclude(role__department__slug=CAST_DEPARTMENT).in_order()

    def characters_without_performer(self, series):
        """The characters of ``series`` whom no credit on it, its seasons or its episodes names.

        By three subqueries: with an OR of the paths SQLite reads all credits of the catalogue. Credits on episodes are
        many, so they are looked up by the character.
        """
        played = self.order_by().filter(character__isnull=False).values("character")
        on_episodes = self.filter(character=OuterRef("pk"), episode__season__series=series)
        return (
            Character.objects.filter(series=series)
            .exclude(pk__in=played.filter(series=series))
            .exclude(pk__in=played.filter(season__series=series))
            .exclude(Exists(on_episodes))
        )

    def crew_by_episode_and_role(self, episodes):
        """(episode id, role id, person's name) of the crew credited directly on these episodes, sorted."""
        crew = self.in_order().filter(episode__in=episodes).exclude(role__department__slug=CAST_DEPARTMENT)
        return crew.values_list("episode_id", "role_id", "person__name")

    def of_people_on(self, people, series):
        """The visible credits of published ``people`` on published ``series``, with its key as ``series_key``.

        A UNION of the levels: with an OR, SQLite reads all credits of the people.
        """
        credits = self.filter(person__in=people).order_by().values("pk")
        seasons = Season.objects.published().filter(series__in=series).order_by().values("pk")
        episodes = Episode.objects.published().filter(season__series__in=series).order_by().values("pk")
        on_any_level = credits.filter(series__in=series).union(
            credits.filter(season__in=seasons), credits.filter(episode__in=episodes)
        )
        series_key = Coalesce("series", "season__series", "episode__season__series")
        return Credit.objects.filter(pk__in=on_any_level).annotate(series_key=series_key)

    def count_by_department(self):
        """(series key, department id, number of credits) of the credits that ``of_people_on`` returns."""
        columns = "series_key", "role__department"
        groups = self.order_by().values(*columns).annotate(total=models.Count("pk"))
        return groups.values_list(*columns, "total")

    def first_of_each_department(self, limit):
        """The keys of up to ``limit`` credits in each department on each series, of those of ``of_people_on``.

        Those on the series come first, then by season and episode, those on a season before those on its episodes.
        """
        season = Coalesce("season__number", "episode__season__number", Value(-1))
        position = Window(
            RowNumber(),
            partition_by=[F("series_key"), F("role__department")],
            order_by=[
                season,
                Coalesce("episode__number", Value(-1)),
                "role__position",
                F("billing").asc(nulls_last=True),
                "pk",
            ],
        )
        return self.order_by().annotate(number=position).filter(number__lte=limit).values_list("pk", flat=True)

    def roles_by_episode(self):
        """(series key, role's name, season id, episode id) of the credits of ``of_people_on`` that apply to episodes.

        In the order of the roles; both ids are None for a credit on the series.
        """
        roles = self.applying_to_episodes().order_by("role__department__position", "role__position", "pk")
        return roles.values_list("series_key", "role__name", "season", "episode")

    def work_of(self, people):
        """(person id, series' title, role's name, character's name) of what people did, most credits first."""
        columns = "person", "title", "role__name", "character__name"
        key = Coalesce("series__sort_key", "season__series__sort_key", "episode__season__series__sort_key")
        order = "role__position", "series_key", "character__sort_key"
        credits = self.filter(person__in=people).order_by().annotate(title=CREDITED_SERIES_TITLE, series_key=key)
        work = credits.values(*columns, *order).annotate(total=models.Count("pk"))
        return work.order_by("-total", *order).values_list(*columns)

    def role_totals(self, people):
        """{person id: ``RoleTotal`` of each role, by key} of these people."""
        columns = "person", "role", "character"
        rows = self.filter(person__in=people).order_by().values(*columns).annotate(total=models.Count("pk"))
        totals: dict[int, dict[int, RoleTotal]] = {person: {} for person in people}
        for person, role, character, total in sorted(rows.values_list(*columns, "total"), key=by_total_then_character):
            previous = totals[person].get(role, RoleTotal(role, 0, ()))
            characters = (*previous.characters, *filter(None, [character]))[:MAX_ROLE_CHARACTERS]
            totals[person][role] = RoleTotal(role, previous.total + total, characters)
        return {person: [by_role[role] for role in sorted(by_role)] for person, by_role in totals.items()}

    def on_parents(self, season, series):
        """The credits on the season and the series of an episode.

        Without the credits on the episode itself: to find all three by one condition, SQLite reads every credit that
        is on no episode (5.7 ms instead of 0.2 at size M).
        """
        return self.filter(Q(season=season) | Q(series=series))

    def possible_for(self, episode, season, series):
        """Credits for some episodes, without those of people who are known to have the same role on ``episode``."""
        certain = Credit.objects.applying_to(episode, season, series).filter(
            person=OuterRef("person"), role=OuterRef("role")
        )
        return self.filter(~Exists(certain.order_by()), for_some_episodes=True)

    def performers_of(self, characters):
        """(character id, person's name) of the people who play characters, the most credited first."""
        credits = (
            self.filter(character__in=characters)
            .order_by()
            .values("character", "person__name", "person__sort_key", "person")
        )
        people = credits.annotate(total=models.Count("pk")).order_by("-total", "person__sort_key", "person")
        return people.values_list("character", "person__name")

    def for_episode(self, episode: Episode):
        """The credits that apply to ``episode``: its own, and those of its season and series."""
        return self.applying_to(episode.pk, episode.season_id, episode.season.series_id)

    def applying_to(self, episode, season, series):
        """``for_episode`` of the episode with these primary keys of itself, its season and its series."""
        is_of_one = Q(episode=episode) | Q(season=season) | Q(series=series)
        return self.applying_to_episodes().filter(is_of_one)


class Credit(NaturalKey):
    """A person in a role, on exactly one of series, season and episode.

    ``billing`` sorts credits of the same role, from 1. Credits of the same role with the same ``team`` are a writing
    team (joined by an ampersand on screen).
    """

    class Kind(models.TextChoices):
        """The kind of a cast credit."""

        MAIN = "main", "Main"
        RECURRING = "recurring", "Recurring"
        GUEST = "guest", "Guest"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="credits")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="credits")
    series = models.ForeignKey(
        Series, null=True, blank=True, on_delete=models.CASCADE, related_name="credits", db_index=False
    )
    season = models.ForeignKey(
        Season, null=True, blank=True, on_delete=models.CASCADE, related_name="credits", db_index=False
    )
    episode = models.ForeignKey(Episode, null=True, blank=True, on_delete=models.CASCADE, related_name="credits")
    # RESTRICT, not PROTECT: a character with credits is deleted only together with its series and those credits.
    character = models.ForeignKey(Character, null=True, blank=True, on_delete=models.RESTRICT, related_name="credits")
    kind = models.CharField(
        "cast kind", max_length=10, choices=Kind, blank=True, help_text="For the cast; empty when not stated."
    )
    billing = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=SMALL, help_text="Place in the billing, from 1."
    )
    team = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=SMALL, help_text="The same number for people who wrote as a team."
    )
    credited_as = models.CharField(max_length=160, blank=True, help_text="When the screen shows another name.")
    pilot_only = models.BooleanField(default=False, help_text="For an earlier or unaired pilot only.")
    for_some_episodes = models.BooleanField(
        default=False, help_text="On a series or season: for some of its episodes; which ones is not known."
    )
    note = models.CharField(max_length=200, blank=True)

    natural_fields = (
        "person__slug",
        "role__slug",
        "series__slug",
        "season__series__slug",
        "season__number",
        "episode__season__series__slug",
        "episode__season__number",
        "episode__number",
        "character__slug",
    )
    label_relations = ("person", "role")
    objects = NaturalKeyManager.from_queryset(CreditQuerySet)()

    class Meta:
        ordering = ["role__department__position", "role__position", "billing", "pk"]
        constraints = [
            exactly_one("series", "season", "episode", name="credit_on_exactly_one"),
            models.UniqueConstraint(
                "person",
                "role",
                *(
                    Coalesce(field, Value(0), output_field=models.BigIntegerField())
                    for field in ("series", "season", "episode", "character")
                ),
                name="one_credit_of_a_kind",
                violation_error_message="This person has this role here already (with the same character, if any).",
            ),
            models.CheckConstraint(
                condition=Q(for_some_episodes=False) | Q(episode__isnull=True),
                name="credit_for_some_episodes_on_none",
                violation_error_message="A credit on an episode is for that episode: untick “for some episodes”.",
            ),
            models.CheckConstraint(
                condition=Q(for_some_episodes=False) | Q(pilot_only=False),
                name="credit_for_some_episodes_or_pilot",
                violation_error_message="A credit is for the pilot only or for some episodes: untick one of the two.",
            ),
        ]
        indexes = [
            models.Index(fields=["role", "person", "episode"], name="credit_role_person_episode"),
            models.Index(fields=["episode", "role", "person"], name="credit_episode_role_person"),
            # Few credits are on a season or series. With an index over all rows, most of them NULL, SQLite's planner
            # read the whole table to find those of one season (27 ms for 480,000 credits).
            models.Index(fields=["series", "person"], condition=Q(series__isnull=False), name="credit_series_person"),
            models.Index(fields=["season", "person"], condition=Q(season__isnull=False), name="credit_season_person"),
            # Somebody's credits on some episodes, whatever the number of their credits.
            models.Index(fields=["person", "episode"], name="credit_person_episode"),
            # Few people are credited under another name; a text is searched for in those names.
            models.Index(fields=["credited_as", "person"], condition=~Q(credited_as=""), name="credit_credited_as"),
        ]

    def __str__(self):
        return f"{self.person}, {self.role}"

    @property
    def subject(self):
        """The episode, season or series of the credit."""
        return self.episode or self.season or self.series

    @property
    def parent_series(self) -> Series | None:
        """The series to which the credit belongs, also through a season or episode."""
        if self.episode:
            return self.episode.season.series
        return self.season.series if self.season else self.series

    @property
    def is_main_cast(self) -> bool:
        """Whether this credit, one of the cast, is of the main cast and not of a pilot only."""
        return self.kind == self.Kind.MAIN and not self.pilot_only

    @property
    def applies_to_episodes(self):
        """The rule of ``CreditQuerySet.applying_to_episodes`` for this credit."""
        if self.episode_id:
            return True
        if self.pilot_only or self.for_some_episodes:
            return False
        return self.kind == self.Kind.MAIN or self.role.department.slug != CAST_DEPARTMENT
