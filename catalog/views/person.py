"""People: the list, and the page of one person with all their credits."""

from collections import Counter, defaultdict
from itertools import groupby

from catalog.facets.person import PersonFacets
from catalog.models import WRITING_ROLES, Character, Credit, Episode, Event, Person, Role
from catalog.models.credit import CAST_DEPARTMENT
from catalog.views.base import FacetedList, RecordPage
from catalog.views.presenters import cover, meta_description
from catalog.views.presenters.credit_matrix import person_matrix, year_matrix
from catalog.views.presenters.credits import credit_remarks
from catalog.views.presenters.infobox import person_infobox

MAX_SUMMARY_ROLES = 4  # roles named under a name
MAX_CO_WORKERS = 12


class PersonList(FacetedList):
    """``/people/``."""

    template_name = "catalog/person_list.html"
    facet_set = PersonFacets
    section = "people"
    heading = "People"
    page_size = 60

    def get_context_data(self, **kwargs):
        """Each person with a summary of their credits."""
        context = super().get_context_data(**kwargs)
        people = context["rows"]
        summaries = credit_summaries(self.facets.engine.role_totals([person.pk for person in people]))
        context["cards"] = [(person, summaries[person.pk]) for person in people]
        return context


def credit_summaries(role_totals):
    """A line for each of the first roles of people, by primary key: ``Director (3)``, ``Cast: Nellie``.

    ``role_totals`` is what an engine's ``role_totals`` returns.
    """
    names = dict(Role.objects.values_list("pk", "name"))  # in the industry's order
    positions = {pk: position for position, pk in enumerate(names)}
    first_totals = {
        pk: sorted(totals, key=lambda item: positions[item.role])[:MAX_SUMMARY_ROLES]
        for pk, totals in role_totals.items()
    }
    keys = {key for totals in first_totals.values() for item in totals for key in item.characters}
    characters = Character.objects.in_bulk(keys)
    return {
        pk: [
            role_summary(names[item.role], item.total, [str(characters[key]) for key in item.characters])
            for item in totals
        ]
        for pk, totals in first_totals.items()
    }


def role_summary(role, total, characters):
    """``Director (3)``, ``Cast: Nellie``, ``Director``."""
    return f"{role}: {', '.join(characters)}" if characters else f"{role} ({total:,})" if total > 1 else role


class PersonDetail(RecordPage):
    """``/people/<slug>/``."""

    template_name = "catalog/person_detail.html"
    section = "people"
    kind = "person"

    def find_record(self, slug):
        """The published person of that slug."""
        return Person.objects.published().for_page().filter(slug=slug).first()

    def get_context_data(self, **kwargs):
        """Credits by series and department, work by episode and by year, the people they worked with."""
        person = self.record
        credits = list(Credit.objects.visible().for_page().in_order().filter(person=person))
        events = sorted(Event.objects.for_list().of_person(person), key=lambda event: event.sort_key)
        events = [event for event in events if event.series.is_published]
        work, years = person_work(credits, co_credited(person, credits))
        summary = credit_summaries(PersonFacets({}).engine.role_totals([person.pk]))[person.pk]
        return super().get_context_data(
            title=person.name,
            description=meta_description.for_person(person, credits, summary),
            cover=cover.initials_cover(person),
            infobox=person_infobox(person, credits, not credits and person.credits.exists()),
            roles=list(dict.fromkeys(credit.role.name for credit in credits)),
            work=work,
            years=years,
            events=events,
            co_workers=worked_with(person),
            cited_records=[person, *credits, *events, *person.aliases.all(), *person.external_ids.all()]
            + [credit.character for credit in credits if credit.character_id],
            **kwargs,
        )


def group_by_series(credits):
    """(series, credits) of each series, the newest first."""

    def sort_key(credit):
        return str(credit.parent_series.premiered or ""), credit.parent_series.pk

    groups = [list(group) for _, group in groupby(sorted(credits, key=sort_key, reverse=True), key=sort_key)]
    return [(group[0].parent_series, group) for group in groups]


def co_credited(person, credits):
    """``{(episode id, role id): names}`` of the others in the same role on an episode, the cast left out."""
    roles = {(credit.episode_id, credit.role_id) for credit in credits if credit.role.department.slug != "cast"}
    names = defaultdict(list)
    other_credits = Credit.objects.visible().exclude(person=person)
    for episode, role, name in other_credits.people_by_episode_and_role({credit.episode_id for credit in credits}):
        if (episode, role) in roles:
            names[episode, role].append(name)
    return names


def person_work(credits, co_credited_names):
    """(work on each series, matrix by year or None); one query for the episodes of all series.

    ``co_credited_names`` is what ``co_credited`` returns.
    """
    credits_by_series = group_by_series(credits)
    episodes_by_series = Episode.objects.published().by_series(series.pk for series, _ in credits_by_series)
    work, years = [], []
    for series, series_credits in credits_by_series:
        episodes = episodes_by_series[series.pk]
        roles = episodes_by_role(series_credits, episodes)
        worked_on = set().union(*roles.values())
        dates = [episode.air_date for episode in episodes if episode.pk in worked_on]
        years.append((series.title, series.get_absolute_url(), Counter(date.year for date in dates if date)))
        work.append(series_work(series, series_credits, episodes, roles, co_credited_names))
    return work, year_matrix(years)


def episodes_by_role(credits, episodes):
    """``{role: {episode id}}``: the episodes of one series that a person's credits on it apply to."""
    all_ids = {episode.pk for episode in episodes}
    ids_by_season = defaultdict(set)
    for episode in episodes:
        ids_by_season[episode.season_id].add(episode.pk)
    roles: defaultdict[str, set[int]] = defaultdict(set)
    for credit in credits:
        applies = roles[credit.role.name]
        if credit.episode_id:
            applies.add(credit.episode_id)
        elif credit.applies_to_episodes:
            applies |= ids_by_season.get(credit.season_id, set()) if credit.season_id else all_ids
    return roles


def series_work(series, credits, episodes, roles, co_credited_names):
    """(series, matrix by episode or None, [(department, [(credit, remarks), …]), …]) of one person's credits."""
    departments = []
    credits = sorted(credits, key=credit_sort_key)
    for department, group in groupby(credits, key=lambda credit: credit.role.department):
        rows = []
        for credit in group:
            remarks = credit_remarks(credit, with_role=True)
            names = co_credited_names.get((credit.episode_id, credit.role_id))
            rows.append((credit, [*remarks, f"with {', '.join(names)}"] if names else remarks))
        departments.append((department, rows))
    marks = {"Director": "d", "Writer": "w"}
    matrix = person_matrix(episodes, [(role, marks.get(role, "k"), pks) for role, pks in roles.items() if pks])
    return series, matrix, departments


def credit_sort_key(credit):
    """Departments in the industry's order; in each the series and the seasons before their episodes."""
    if credit.episode:
        position = credit.episode.season.number, credit.episode.number
    else:
        position = credit.season.number if credit.season else -1, -1
    return (credit.role.department.position, credit.role.department_id, *position, credit.role.position)


def worked_with(person):
    """(person, number of shared episodes, facet) of the people who share most episodes, most first.

    ``facet`` is the one by which the list of episodes, narrowed to both, shows just these episodes; empty if no
    single facet includes all of them.
    """
    own_episodes = Credit.objects.visible().filter(person=person).covered_episode_ids()
    episodes = Episode.objects.published().filter(pk__in=own_episodes)
    facets_by_episode = defaultdict(set)
    for pk, episode, role, department in Credit.objects.visible().shared_with(person, episodes):
        facets_by_episode[pk, episode].add(facet_for_credit(role, department))
    totals = Counter(pk for pk, _ in facets_by_episode)
    people = Person.objects.published().in_bulk(list(totals))
    first = sorted(totals, key=lambda pk: (-totals[pk], people[pk].sort_key, pk))[:MAX_CO_WORKERS]
    facets: dict[int, set[str]] = {pk: set() for pk in first}
    for (pk, _), names in facets_by_episode.items():
        if pk in facets:
            facets[pk] |= names
    return [(people[pk], totals[pk], facet_for_all(facets[pk])) for pk in first]


def facet_for_credit(role, department):
    """The narrowest facet of the list of episodes that includes a credit."""
    if department == CAST_DEPARTMENT:
        return "cast"
    return "director" if role == "director" else "writer" if role in WRITING_ROLES else "crew"


def facet_for_all(facets):
    """The facet that includes credits of all these ``facets``: one of them, or ``crew``; empty if none does."""
    return next(iter(facets)) if len(facets) == 1 else "" if "cast" in facets else "crew"
