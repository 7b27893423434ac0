"""All values of one facet under the current selection: the page behind "Show all"."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404
from django.urls import reverse

from catalog.facets.display import FacetDisplay
from catalog.facets.facet import Facet
from catalog.facets.values import VALUES_PER_FACET
from catalog.search.tokenizer import clean_query
from catalog.views.base import CountedPage, page_url_builder, requested_page
from catalog.views.episode import EpisodeList
from catalog.views.person import PersonList
from catalog.views.presenters.humanize import join_names
from catalog.views.series import SeriesList

LISTS = {"episode": EpisodeList, "series": SeriesList, "person": PersonList}
VALUES_PER_PAGE = 100


class FacetValueList(CountedPage):
    """``/episodes/facets/director/``: every value with its count; ``find`` narrows them by label."""

    template_name = "catalog/facet_list.html"

    @property
    def is_block(self):
        """Whether narrow.js asks for the first values, to show them on a list."""
        return self.request.GET.get("as") == "block"

    def get_template_names(self):
        """The page, or the values alone."""
        return ["catalog/facet_block.html"] if self.is_block else super().get_template_names()

    def get_facet(self, kind, name):
        """(facet set of the list under the current selection, its facet ``name``); Http404 if there is none."""
        list_view = LISTS[kind]
        facets = list_view.facet_set(self.request.GET, role=name)
        facet = facets.filters.get(name)
        if not isinstance(facet, Facet) or not facet.lists_values:
            raise Http404("No such facet")
        self.section = list_view.section
        return facets, facet

    def get_context_data(self, **kwargs):
        """One page of values, each with the URL of the list with the value toggled."""
        kind, name = kwargs["kind"], kwargs["name"]
        facets, facet = self.get_facet(kind, name)
        query = clean_query(self.request.GET.get("find", ""))
        display = FacetDisplay(facets)
        values: Any = display.all_values(name, query)  # lazy: has only the methods that Paginator uses
        paginator = Paginator(values, VALUES_PER_FACET if self.is_block else VALUES_PER_PAGE)
        page = requested_page(self.request, paginator)
        first = display.left_out_values(name) if page.number == 1 and not query else []
        is_end = not query and (self.is_block or not page.has_next())
        last = display.missing_values(name, facets.not_recorded(name)) if is_end else []
        list_url = reverse(f"{kind}-list")
        return super().get_context_data(
            title=f"{facet.label}: all values for {facets.record_type[1]}"
            + (f", page {page.number}" if page.number > 1 else ""),
            description=f"{facet.label}: {paginator.count:,} to choose from, each "
            f"with its number of {facets.record_type[1]}"
            + (f", among them {join_names(value.label for value in page)}." if page.object_list else "."),
            facet=facet,
            words=display.words(name),
            facets=facets,
            links=display.links,
            heading=LISTS[kind].heading,
            list_url=list_url,
            back_url=display.links.url(path=list_url),
            all_url=display.links.url(path=self.request.path, find=query),
            query=query,
            page=page,
            values=[*first, *page, *last],
            match_urls=display.match_links(name),
            page_numbers=paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
            total=paginator.count,
            page_url=page_url_builder(self.request),
            hidden_fields=display.links.hidden_fields(["sort"]),
            chips=display.chips(),
            **kwargs,
        )
