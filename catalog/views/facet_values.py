"""All values of one facet under the present selection: the page behind "Show all"."""

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404, JsonResponse
from django.urls import reverse

from catalog.facets.facet import Facet
from catalog.search.tokenizer import clean_query
from catalog.views.base import Page, hidden_fields, page_url_builder, parse_page_number
from catalog.views.episode import EpisodeList
from catalog.views.person import PersonList
from catalog.views.presenters.humanize import join_names, plural
from catalog.views.series import SeriesList

LISTS = {"episode": EpisodeList, "series": SeriesList, "person": PersonList}
VALUES_PER_PAGE = 100
MAX_SUGGESTIONS = 8


class FacetValueList(Page):
    """``/episodes/facets/director/``: every value with its count; ``find`` narrows them by name."""

    template_name = "catalog/facet_list.html"

    def get(self, request, *args, **kwargs):
        """The page; with ``as=suggestions`` what is offered while one types into its field, counted as it is."""
        if request.GET.get("as") != "suggestions":
            return super().get(request, *args, **kwargs)
        kind, name = kwargs["kind"], kwargs["name"]
        facets, facet = self.facet(kind, name)
        find, path = clean_query(request.GET.get("find", "")), reverse(f"{kind}-list")
        found = facets.all_values(name, find)[0:MAX_SUGGESTIONS] if find else []
        return JsonResponse(
            {
                "q": find,
                "suggestions": [
                    {
                        "kind": facet.field_name,
                        "name": value.label,
                        "note": plural(value.count, *facets.record_type),
                        "url": path if value.url == "?" else path + value.url,
                    }
                    for value in found
                ],
            }
        )

    def facet(self, kind, name):
        """(the facets of a list under the present selection, the one of that name); Http404 when there is none."""
        shown = LISTS[kind]
        facets = shown.facet_set(self.request.GET)
        facet = facets.filters.get(name)
        if not isinstance(facet, Facet) or not facet.lists_values:
            raise Http404("No such facet")
        self.section = shown.section
        return facets, facet

    def get_context_data(self, kind, name, **kwargs):
        """One page of values, each with the address of the list that it toggles."""
        facets, facet = self.facet(kind, name)
        shown = LISTS[kind]
        find = clean_query(self.request.GET.get("find", ""))
        paginator = Paginator(facets.all_values(name, find), VALUES_PER_PAGE)
        asked = self.request.GET.get("page")
        try:
            page = paginator.page(1 if asked is None else parse_page_number(asked))
        except EmptyPage as error:
            raise Http404("No such page") from error
        list_url = reverse(f"{kind}-list")
        return super().get_context_data(
            title=f"{facet.label}: all values for {facets.record_type[1]}"
            + (f", page {page.number}" if page.number > 1 else ""),
            description=f"{facet.label}: {paginator.count:,} to choose from, each "
            f"with its number of {facets.record_type[1]}"
            + (f", among them {join_names(value.label for value in page)}." if page.object_list else "."),
            facet=facet,
            facets=facets,
            heading=shown.heading,
            list_url=list_url,
            back=facets.url(path=list_url),
            find=find,
            page=page,
            pages=paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
            total=paginator.count,
            page_url=page_url_builder(self.request),
            hidden=hidden_fields(facets.selection),
            chips=facets.chips(),
            **kwargs,
        )
