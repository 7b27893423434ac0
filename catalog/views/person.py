"""People: the list, and the page of one person with all their credits."""

import time
from contextlib import nullcontext
from typing import NamedTuple

from catalog.facets.episode import EpisodeFacets
from catalog.facets.index.engine import IndexEngine
from catalog.facets.person import PersonFacets
from catalog.facets.series import SeriesFacets
from catalog.facets.sql_engine import SqlEngine
from catalog.models import page_queries
from catalog.models.time_limit import time_limit
from catalog.views.base import CountedPage, FacetedList, RecordPage
from catalog.views.presenters import cover, meta_description
from catalog.views.presenters.credit_matrix import year_matrix
from catalog.views.presenters.infobox import person_infobox
from catalog.views.presenters.person_work import person_work
from catalog.views.presenters.role_summaries import credit_summaries

MAX_CO_WORKERS = 12
SERIES_PER_PAGE = 20
MAX_SECTIONS = 3  # series with a section each; more are one table
EVENTS_PER_PAGE = 100
MAX_SQL_SECONDS = 1.2


def limited_sql(engine):
    """A context that limits the queries of a page unless its counts come from the index."""
    return nullcontext() if isinstance(engine, IndexEngine) else time_limit(time.monotonic() + MAX_SQL_SECONDS)


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
        context["compared_with"] = self.compared_person()
        return context

    def compared_person(self):
        """(slug, name) of the only person with whom those of the list worked; None if several are selected, or none."""
        choice = self.facets.choices.get("with")
        slugs = choice.any + choice.all if choice and not choice.missing else ()
        resolved = self.facets.resolve("with", slugs) if len(slugs) == 1 else {}
        return next((entry[1:] for entry in resolved.values()), None)


class PersonDetail(CountedPage, RecordPage):
    """``/people/<slug>/``: the series that the person worked on a page at a time, the newest first."""

    template_name = "catalog/person_detail.html"
    section = "people"
    kind = "person"

    def find_record(self, slug):
        """The published person of that slug."""
        return page_queries.person_query.first(slug=slug)

    def facets(self, facet_set, **data):
        """A facet set narrowed by ``data``. For a preview SQL answers, as the index has no drafts."""
        facets = facet_set(data)
        facets.engines = (SqlEngine,) if getattr(self.request, "is_preview", False) else (IndexEngine, SqlEngine)
        return facets

    def get_context_data(self, **kwargs):
        """Credits by series and department, work by episode and by year, the people they worked with.

        While the index is being read, SQL answers within a time limit: it is quick for all but the busiest people.
        """
        people_facets = self.facets(PersonFacets)
        with limited_sql(people_facets.engine):
            return super().get_context_data(**self.parts_of_page(people_facets), **kwargs)

    def parts_of_page(self, people_facets):
        """What the template and the page of a record need; ``people_facets`` count the person's roles."""
        person, part, is_first = self.record, self.lists.part, self.lists.number == 1
        roles = page_queries.all_roles()
        role_totals = people_facets.engine.role_totals([person.pk])
        episode_facets = self.facets(EpisodeFacets, person=[person.slug])
        series_facets = self.facets(SeriesFacets, person=[person.slug], sort="-premiered")
        series_ids = part(series_facets.row_ids, SERIES_PER_PAGE)
        series = page_queries.series_in_order(series_ids)
        work = person_work(person, series, roles)
        credits = [credit for item in work for department in item.departments for credit, _ in department.rows]
        has_few = series_ids.total <= MAX_SECTIONS
        events = part(page_queries.person_events_query.of(person.pk), EVENTS_PER_PAGE)
        return {
            "title": person.name,
            "description": meta_description.for_person(person, series, credit_summaries(role_totals)[person.pk]),
            "cover": cover.initials_cover(person),
            **self.credit_facts(role_totals[person.pk], roles, series_ids.total),
            "series_ids": series_ids,
            "work": work,
            "has_few_series": has_few,
            "years": work_by_year(episode_facets, series) if has_few else None,
            "events": events,
            "co_workers": worked_with(person, episode_facets, series_facets) if is_first else [],
            "has_co_workers": is_first and episode_facets.engine.total() > 0,
            "cited_records": [person, *credits, *events, *person.aliases.all(), *person.external_ids.all()]
            + [credit.character for credit in credits if credit.character_id],
        }

    def credit_facts(self, totals, roles, series_total):
        """The person's roles, and the infobox with their number of credits; ``roles`` are all, by key."""
        person = self.record
        credited = {item.role for item in totals}
        person_roles = [role for pk, role in roles.items() if pk in credited]
        total = sum(item.total for item in totals)
        departments = list(dict.fromkeys(role.department for role in person_roles))
        has_hidden_credits = not total and person.credits.exists()
        return {
            "roles": [role.name for role in person_roles],
            "infobox": person_infobox(person, total, series_total, departments, has_hidden_credits),
        }


def work_by_year(facets, series):
    """The matrix by year of the person to whom ``facets``, of episodes, are narrowed; one query."""
    years = facets.rows().count_by_year([item.pk for item in series])
    return year_matrix([(item.title, item.get_absolute_url(), years[item.pk]) for item in series])


class CoWorker(NamedTuple):
    """Somebody who worked with a person, on ``total`` rows of the list of ``kind``: episodes, or series."""

    slug: str
    name: str
    total: int
    kind: str


def worked_with(person, episode_facets, series_facets):
    """The people who share most episodes by credits on them, then those who share several series.

    So the cast and crew of one whole series, who share all of its episodes, are left out.
    """
    entries = episode_facets.engine.co_credited("person", person.pk, MAX_CO_WORKERS)
    co_workers = {key: CoWorker(slug, name, total, "episode") for key, slug, name, total in entries}
    if len(co_workers) < MAX_CO_WORKERS:
        for key, slug, name, total in series_facets.engine.shared_values("person", 2 * MAX_CO_WORKERS):
            if total > 1 and key != person.pk:
                co_workers.setdefault(key, CoWorker(slug, name, total, "series"))
    return list(co_workers.values())[:MAX_CO_WORKERS]
