"""All values of one facet under the present selection: the page behind "Show all"."""

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404
from django.urls import reverse

from catalog.facets.base import Facet
from catalog.search.find import clean
from catalog.views.base import Page, paged, whole_number
from catalog.views.episode import EpisodeList
from catalog.views.person import PersonList
from catalog.views.series import SeriesList

LISTS = {"episode": EpisodeList, "series": SeriesList, "person": PersonList}
VALUES = 100


class FacetList(Page):
    """``/episodes/facets/director/``: every value with its count; ``find`` narrows them by name."""

    template_name = "catalog/facet_list.html"

    def get_context_data(self, noun, name, **kwargs):
        """One page of values, each with the address of the list that it toggles."""
        shown = LISTS[noun]
        facets = shown.facet_set(self.request.GET, queryset=shown.facet_set._meta.model.objects.published())
        facet = facets.filters.get(name)
        if not isinstance(facet, Facet) or not facet.lists_values:
            raise Http404("No such facet")
        self.section = shown.section
        find = clean(self.request.GET.get("find", ""))
        found = [v for v in facets.values(name)[0] if find.casefold() in v.label.casefold()]
        paginator = Paginator(found, VALUES)
        asked = self.request.GET.get("page")
        try:
            page = paginator.page(1 if asked is None else whole_number(asked))
        except EmptyPage as error:
            raise Http404("No such page") from error
        list_url = reverse(f"{noun}-list")
        return super().get_context_data(
            title=f"{facet.label}: all values for {facets.noun[1]}"
            + (f", page {page.number}" if page.number > 1 else ""),
            description=f"All values of {facet.label.lower()} with the number of {facets.noun[1]}.",
            facet=facet,
            facets=facets,
            heading=shown.heading,
            list_url=list_url,
            back=facets.url(path=list_url),
            find=find,
            page=page,
            pages=paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
            total=paginator.count,
            page_url=paged(self.request),
            hidden=[
                (k, v)
                for k, values in facets.selection.items()
                for v in ([values] if isinstance(values, str) else values)
            ],
            **kwargs,
        )
