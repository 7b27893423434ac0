"""What two people both worked on."""

from dataclasses import dataclass
from typing import Any

from catalog.facets.base import FacetSet
from catalog.facets.episode import EpisodeFacets
from catalog.facets.index.engine import IndexEngine
from catalog.facets.series import SeriesFacets
from catalog.facets.sql_engine import SqlEngine
from catalog.links import url_for
from catalog.models import FormerSlug, Person, page_queries
from catalog.views.base import CountedPage, RecordPage
from catalog.views.person import SERIES_PER_PAGE, limited_sql
from catalog.views.presenters import cover, meta_description, open_graph
from catalog.views.presenters.infobox import pair_infobox
from catalog.views.presenters.pair_work import PairTotals, pair_work


@dataclass(frozen=True)
class PersonPair:
    """Two people, as a record with a page."""

    first: Person
    second: Person

    def __str__(self) -> str:
        return f"{self.first} and {self.second}"

    @property
    def people(self) -> tuple[Person, Person]:
        """Both, in the order of the URL."""
        return self.first, self.second

    @property
    def slug(self) -> str:
        """The pair in URLs and ``data-slug``."""
        return f"{self.first.slug}/with/{self.second.slug}"

    @property
    def episodes_url(self) -> str:
        """The URL of the list of the episodes that both worked on."""
        return f"{url_for('episode-list')}?" + "&".join(f"person__all={person.slug}" for person in self.people)

    def get_absolute_url(self) -> str:
        """The URL of the comparison; of one person twice, that of the person."""
        if self.first == self.second:
            return self.first.get_absolute_url()
        return url_for("person-pair", self.first.slug, self.second.slug)

    def canonical(self) -> "PersonPair":
        """The pair in the order of the slugs: the URL for search engines."""
        return PersonPair(*sorted(self.people, key=lambda person: person.slug))


class PersonPairPage(CountedPage, RecordPage):
    """``/people/<slug>/with/<slug>/``: the series that both worked on a page at a time, the newest first.

    Former slugs redirect; one person twice redirects to the person; an unknown person or a draft is 404.
    """

    template_name = "catalog/person_pair.html"
    section = "people"
    kind = "person-pair"

    def find_record(self, slug: str, other_slug: str) -> PersonPair | None:
        """The pair, if visitors may see both."""
        first, second = (self.find_person(text.lower()) for text in (slug, other_slug))
        return PersonPair(first, second) if first and second else None

    def find_person(self, slug: str) -> Person | None:
        """The published person who has this slug, or had it formerly."""
        published = Person.objects.published().select_related("picture")
        person = published.filter(slug=slug).first()
        present_slug = None if person else FormerSlug.resolve("person", slug)
        return published.filter(slug=present_slug).first() if present_slug else person

    def find_former(self, *args: Any, **kwargs: Any) -> None:
        """None: ``find_record`` finds former slugs, too."""

    def canonical_url(self) -> str:
        """The URL with the slugs in order."""
        pair = self.record
        return super().canonical_url().replace(pair.get_absolute_url(), pair.canonical().get_absolute_url())

    def staff_links(self) -> list[tuple[str, str]]:
        """None: there is no form for a pair."""
        return []

    def open_graph_of(self, record_cover: cover.Cover) -> open_graph.OpenGraph:
        """That of the first person."""
        return open_graph.for_record("person", self.record.canonical().first, record_cover)

    def facets_of_both(self, facet_set: type[FacetSet], **data: Any) -> FacetSet:
        """A facet set narrowed to what both people worked on."""
        facets = facet_set({"person__all": [person.slug for person in self.record.people], **data})
        facets.engines = (IndexEngine, SqlEngine)
        return facets

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What they share in all, and series by series."""
        episode_facets = self.facets_of_both(EpisodeFacets)
        with limited_sql(episode_facets.engine):
            return super().get_context_data(**self.parts_of_page(episode_facets), **kwargs)

    def parts_of_page(self, episode_facets: FacetSet) -> dict[str, Any]:
        """What the template and the page of a record need."""
        pair = self.record
        series_facets = self.facets_of_both(SeriesFacets, sort="-premiered")
        series_ids = self.lists.part(series_facets.row_ids, SERIES_PER_PAGE)
        totals = PairTotals(
            series_ids.total, episode_facets.engine.total(), episode_facets.engine.top_values("series", 1)[1]
        )
        series = page_queries.series_in_order(series_ids)
        work = pair_work(pair.people, series, page_queries.all_roles())
        return {
            "title": str(pair),
            "description": meta_description.for_pair(pair, totals, series),
            "cover": cover.pair_cover(*pair.people),
            "infobox": pair_infobox(totals, pair.episodes_url),
            "series_ids": series_ids,
            "totals": totals,
            "work": work,
            "may_be_indexed": totals.episodes > 0 and self.lists.number == 1,
            "cited_records": [credit for item in work for credit in item.credits],
        }
