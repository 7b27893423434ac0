"""People: the index, and the page of one person with all their credits."""

from collections import Counter, defaultdict
from itertools import groupby

from catalog.facets.person import PersonFacets
from catalog.models import WRITING_ROLES, Credit, Episode, Event, Person
from catalog.views.base import FacetedList, RecordPage
from catalog.views.presenters import cover, meta_description
from catalog.views.presenters.credit_matrix import person_matrix, year_matrix
from catalog.views.presenters.credits import credit_remarks
from catalog.views.presenters.infobox import person_infobox

MAX_SUMMARY_ROLES = 4  # roles named under a name


class PersonList(FacetedList):
    """``/people/``."""

    template_name = "catalog/person_list.html"
    facet_set = PersonFacets
    section = "people"
    heading = "People"
    page_size = 60

    def get_context_data(self, **kwargs):
        """Each person with what they are credited for, read for the whole page by one query."""
        context = super().get_context_data(**kwargs)
        people = context["rows"]
        found = {person.pk: [] for person in people}
        credits = Credit.objects.visible().for_list().in_order().filter(person__in=list(found))
        for credit in credits:
            found[credit.person_id].append(credit)
        context["cards"] = [(person, credit_summary(found[person.pk])) for person in people]
        return context


def credit_summary(credits):
    """What a card says of somebody: roles with the number of credits, characters for the cast."""
    said = {}
    for credit in credits:
        entry = said.setdefault(credit.role.name, [])
        entry.append(str(credit.character) if credit.character_id else "")
    parts = []
    for role, characters in list(said.items())[:MAX_SUMMARY_ROLES]:
        named = list(dict.fromkeys(name for name in characters if name))
        count = f" ({len(characters)})" if len(characters) > 1 and not named else ""
        parts.append(f"{role}{count}{': ' + ', '.join(named[:2]) if named else ''}")
    return parts


class PersonDetail(RecordPage):
    """``/people/<slug>/``."""

    template_name = "catalog/person_detail.html"
    section = "people"
    kind = "person"

    def find_record(self, slug):
        """The published person of that slug."""
        return Person.objects.published().for_page().prefetch_related("external_ids").filter(slug=slug).first()

    def get_context_data(self, **kwargs):
        """Credits by series and department, work by episode, whom they worked with."""
        person = self.record
        credits = list(Credit.objects.visible().for_page().in_order().filter(person=person))
        events = sorted(
            Event.objects.filter(people=person, series__published_at__isnull=False).select_related("series"),
            key=lambda event: event.sort_key,
        )
        events = [event for event in events if event.series.is_published]
        return super().get_context_data(
            title=person.name,
            description=meta_description.for_person(person, credits, credit_summary(credits)),
            sleeve=cover.initials_cover(person),
            facts=person_infobox(person, credits),
            roles=list(dict.fromkeys(credit.role.name for credit in credits)),
            **person_work(credits, co_credited(person, credits)),
            events=events,
            with_them=worked_with(person, credits),
            cited=[person, *credits, *events, *person.aliases.all(), *person.external_ids.all()]
            + [credit.character for credit in credits if credit.character_id],
            **kwargs,
        )


def group_by_series(credits):
    """Credits under their series, the newest series first."""
    key = lambda credit: (str(credit.parent_series.premiered or ""), credit.parent_series.pk)  # noqa: E731
    ordered = sorted(credits, key=key, reverse=True)
    return [(together[0].parent_series, together) for together in (list(g) for _, g in groupby(ordered, key=key))]


def co_credited(person, credits):
    """Who shares each credit on an episode: ``{(episode id, role id): names}``."""
    found = {}
    same = Credit.objects.visible().filter(episode__in={c.episode_id for c in credits}).exclude(person=person)
    pairs = {(credit.episode_id, credit.role_id) for credit in credits if credit.role.department.slug != "cast"}
    for key in same.in_order().values_list("episode_id", "role_id", "person__name"):
        if key[:2] in pairs:
            found.setdefault(key[:2], []).append(key[2])
    return found


def person_work(credits, shared):
    """One person's work on each series, the newest first; the episodes of all of them are read by one query.

    ``shared`` are the others who share a credit, as ``beside`` gives them. ``years`` is the whole of it by year.
    """
    grouped = group_by_series(credits)
    found = {series.pk: [] for series, _ in grouped}
    for episode in Episode.objects.published().in_order().filter(season__series__in=found).select_related("season"):
        found[episode.season.series_id].append(episode)
    told, years = [], []
    for series, own in grouped:
        strip = episodes_by_role(own, found[series.pk])
        every = set().union(*strip.values())
        dates = [episode.air_date for episode in found[series.pk] if episode.pk in every]
        years.append((series.title, series.get_absolute_url(), Counter(date.year for date in dates if date)))
        told.append(series_work(series, own, found[series.pk], strip, shared))
    return {"work": told, "years": year_matrix(years)}


def episodes_by_role(credits, episodes):
    """For each role on a series the episodes for which it holds: ``{role: {episode id}}``."""
    every = {episode.pk for episode in episodes}
    of_season = {}
    for episode in episodes:
        of_season.setdefault(episode.season_id, set()).add(episode.pk)
    strip = {}
    for credit in credits:
        pks = {credit.episode_id} if credit.episode_id else set()
        if not credit.episode_id and credit.applies_to_episodes:
            pks = of_season.get(credit.season_id, set()) if credit.season_id else every
        strip.setdefault(credit.role.name, set()).update(pks)
    return strip


def series_work(series, credits, episodes, strip, shared):
    """One person's work on a series: the strip by episode, and departments with their rows."""
    departments = []
    credits = sorted(credits, key=credit_sort_key)
    for department, together in groupby(credits, key=lambda credit: credit.role.department):
        rows = [
            (credit, credit_remarks(credit, True), shared.get((credit.episode_id, credit.role_id)))
            for credit in together
        ]
        departments.append((department, [(c, said + [f"with {', '.join(w)}"] if w else said) for c, said, w in rows]))
    marks = {"Director": "d", "Writer": "w"}
    matrix = person_matrix(episodes, [(role, marks.get(role, "k"), pks) for role, pks in strip.items() if pks])
    return series, matrix, departments


def credit_sort_key(credit):
    """Departments in the industry's order, then whole series and seasons before their episodes, in order."""
    episode = credit.episode
    place = (episode.season.number, episode.number) if episode else (credit.season.number if credit.season else -1, -1)
    return (credit.role.department.position, credit.role.department_id, *place, credit.role.position)


def worked_with(person, credits, most=12):
    """(person, shared episodes, facet) for those who share most episodes by credits that hold, most first.

    Limited to the person's own episodes; ``most`` people are named. ``facet`` is the one under which the list of
    episodes, narrowed to both, is just these; empty where no single facet holds all that the other did.
    """
    episodes = Episode.objects.published().filter(pk__in=credited_episode_ids(person))
    shared = defaultdict(set)
    for paths in (("episode", "episode"), ("season", "season__episodes"), ("series", "series__seasons__episodes")):
        found = (
            Credit.objects.visible()
            .applying_to_episodes()
            .filter(**{f"{paths[1]}__in": episodes.values("pk")})
            .exclude(person=person)
            .order_by()
            .values_list("person", paths[1], "role__slug", "role__department__slug")
        )
        for pk, episode, role, department in found:
            shared[pk, episode].add(facet_for_credit(role, department))
    totals = Counter(pk for pk, _ in shared)
    best = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    people = Person.objects.published().in_bulk([pk for pk, _ in best])
    named = sorted(best, key=lambda item: (-item[1], people[item[0]].sort_name))[:most]
    facets = {pk: set() for pk, _ in named}
    for (pk, _), found in shared.items():
        if pk in facets:
            facets[pk] |= found
    return [(people[pk], total, facets[pk].pop() if len(facets[pk]) == 1 else "") for pk, total in named]


def facet_for_credit(role, department):
    """The facet of the list of episodes that holds a credit, beside ``crew``, which holds all; else empty."""
    if department == "cast":
        return "cast"
    return "director" if role == "director" else "writer" if role in WRITING_ROLES else ""


def credited_episode_ids(person):
    """The primary keys of the episodes for which a credit of ``person`` holds."""
    theirs = Credit.objects.visible().applying_to_episodes().filter(person=person).order_by()
    found = set()
    for path in ("episode", "season__episodes", "series__seasons__episodes"):
        found.update(theirs.filter(**{f"{path}__isnull": False}).values_list(path, flat=True))
    return found
