"""Base classes of the visitors' pages: any page, a list with facets, the page of a record."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.paginator import EmptyPage, Paginator
from django.core.paginator import Page as PaginatorPage
from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect
from django.utils.functional import cached_property
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from catalog.editing.permissions import may_change
from catalog.facets.base import FacetSet
from catalog.facets.display import FacetDisplay
from catalog.links import url_for
from catalog.models import FormerSlug
from catalog.models.time_limit import TimeLimitExceeded
from catalog.views.presenters import meta_description, open_graph
from catalog.views.presenters.citations import PageCitations
from catalog.views.presenters.cover import Cover
from catalog.views.presenters.error_report import report_url
from catalog.views.record_lists import RecordLists

PAGE_SIZE = 25
MAX_PAGE_NUMBER = 10**6


def read_only(view: Callable) -> Callable:
    """Answer 405 to anything but GET and HEAD, also to a POST without a CSRF token, which would be 403."""
    return csrf_exempt(require_safe(view))


class Page(TemplateView):
    """A page for visitors, rendered by Jinja2. ``section`` is its entry in the main navigation."""

    template_engine = "jinja2"
    section = ""

    @classmethod
    def as_view(cls, **initkwargs):
        """Answer 405 to a POST, also to one without a CSRF token, which would be 403."""
        return csrf_exempt(super().as_view(**initkwargs))

    def canonical_url(self) -> str:
        """The URL of this page for search engines, with scheme and host."""
        return settings.SITE_URL + self.request.path

    def render_to_response(self, context, **kwargs):
        """The page, with a header that names the prefetching rules (catalog.views.site_files).

        A page without its counts (``is_counted``) is not cached: they are there a moment later.
        """
        response = super().render_to_response(context, **kwargs)
        if not context.get("is_counted", True):
            response["Cache-Control"] = "no-store"
        response["Speculation-Rules"] = f'"{url_for("speculation-rules")}"'
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What base.html needs; ``open_graph`` describes the site unless the page describes itself."""
        frame = {"site_name": settings.SITE_NAME, "section": self.section, "canonical_url": self.canonical_url()}
        return super().get_context_data(**frame, **{"open_graph": open_graph.for_site()} | kwargs)


def page_url_builder(request: HttpRequest) -> Callable[[int], str]:
    """A function from a page number to the URL of that page, with the request's other parameters."""

    def page_url(number):
        query = request.GET.copy()
        query.pop("page", None)
        if number != 1:
            query["page"] = number
        return f"?{query.urlencode()}" if query else request.path

    return page_url


def parse_page_number(text: str | None) -> int:
    """The page number in the parameter ``page``, 1 if it is missing; Http404 unless it is in plain digits, from 1."""
    if text is None:
        return 1
    if not (text.isascii() and text.isdigit() and len(text) <= 7 and 1 <= int(text) <= MAX_PAGE_NUMBER):
        raise Http404("No such page")
    return int(text)


def requested_page(request: HttpRequest, paginator: Paginator) -> PaginatorPage:
    """The page that the request asks for; Http404 if there is none of that number."""
    try:
        return paginator.page(parse_page_number(request.GET.get("page")))
    except EmptyPage as error:
        raise Http404("No such page") from error


class PreparingPage(Page):
    """In place of a page whose index is being read."""

    template_name = "catalog/preparing.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A title; without counts, the page is not cached."""
        title = "Counts are being prepared"
        return super().get_context_data(title=title, description=title, is_counted=False)


class CountedPage(Page):
    """A page about a FacetSet. While its index is being read it shows what is quick to find, or only says so."""

    def get(self, request, *args, **kwargs):
        """The page, or one that says that counts are being prepared."""
        try:
            return super().get(request, *args, **kwargs)
        except TimeLimitExceeded:
            return PreparingPage.as_view(section=self.section)(request)


class FacetedList(CountedPage):
    """A list narrowed by facets: chips, facets, sort links, rows, pagination.

    A page number past the end is 404; unknown parameters and sort keys are ignored; unknown values match nothing
    and their chips say so.
    """

    facet_set: type[FacetSet]
    heading = ""
    page_size = PAGE_SIZE

    def get_facets(self):
        """The facet set of this request, over all published records."""
        return self.facet_set(self.request.GET)

    def load_rows(self, keys: list[int]) -> list:
        """The records with these primary keys, in that order, with what their cards show."""
        records = self.facet_set._meta.model.objects.for_list().in_bulk(keys)
        return [records[key] for key in keys if key in records]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Facets, chips, the rows of the page, and its number."""
        self.facets = facets = self.get_facets()
        self.page_number = number = parse_page_number(self.request.GET.get("page"))
        try:
            page = facets.page(number, self.page_size)
        except EmptyPage as error:
            raise Http404("No such page") from error
        display = FacetDisplay(facets)
        self.links, total, is_counted = display.links, page.paginator.count, facets.engine.is_counted
        chips, sentence = display.chips(), display.sentence(self.heading)
        title = f"{sentence}, page {number}" if number > 1 else sentence
        blocks = display.blocks(self.facet_url) if is_counted else []
        return super().get_context_data(
            title=title,
            description=meta_description.for_list(
                total, facets.record_type, sentence if chips else "", [block.label for block in blocks]
            )
            if is_counted
            else title,
            sentence=sentence if chips else "",
            is_indexed=len(chips) <= 1 and not any("__" in parameter for parameter in facets.selection),
            heading=self.heading,
            facets=facets,
            links=self.links,
            record_type=facets.record_type,
            is_counted=is_counted,
            is_sorted=facets.engine.is_sorted,
            unfiltered_total=facets.engine.unfiltered_total() if is_counted else None,
            blocks=blocks,
            notes=display.notes() if is_counted else [],
            hidden_fields=display.links.hidden_fields(["sort"]),
            chips=chips,
            total=total,
            page=page,
            page_numbers=page.paginator.get_elided_page_range(number, on_each_side=1, on_ends=1),
            rows=self.load_rows(page.object_list),
            **kwargs,
        )

    def facet_url(self, name: str) -> str:
        """The path of the page with all values of one facet."""
        return url_for(f"{self.facet_set._meta.model._meta.model_name}-facet", name)

    def canonical_url(self) -> str:
        """The URL of this page if at most one value is selected, else of the plain list: the pages to be indexed.

        A value that rows must not have, nothing recorded, a range and a text are no such values.
        """
        selection = self.facets.selection
        if sum(map(len, selection.values())) > 1 or selection.keys() - self.facets.facets.keys():
            return super().canonical_url()
        query = self.links.url(sort=None, page=self.page_number if self.page_number > 1 else None)
        return super().canonical_url() + query.removesuffix("?")


class RecordPage(Page):
    """The page of one record of ``kind``. A former slug redirects to the present one; a draft is 404.

    Its long lists are read by ``lists``; a page number past the end of all of them is 404.
    """

    kind = ""

    def dispatch(self, request, *args, **kwargs):
        """Find the record, and redirect to its URL if it was asked for under another one (s1e3, season-01)."""
        kwargs["slug"] = kwargs["slug"].lower()
        self.record = self.find_record(**kwargs) or self.find_former(**kwargs)
        if self.record is None:
            raise Http404("No such record")
        url = self.record.get_absolute_url()
        if url != request.path and request.method in ("GET", "HEAD"):
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(f"{url}?{query}" if query else url)
        return super().dispatch(request, *args, **kwargs)

    def find_record(self, *args: Any, **kwargs: Any) -> Any:
        """The published record at this URL, or None; takes the parameters of the URL."""
        raise NotImplementedError

    def find_former(self, *args: Any, **kwargs: Any) -> Any:
        """The published record that had this URL formerly, or None."""
        present_slug = FormerSlug.resolve(self.kind, kwargs["slug"])
        return self.find_record(slug=present_slug) if present_slug else None

    @cached_property
    def lists(self) -> RecordLists:
        """The record's long lists at the requested page."""
        return RecordLists(parse_page_number(self.request.GET.get("page")))

    def canonical_url(self) -> str:
        """The URL of this page, with its number after the first."""
        number = self.lists.number
        return super().canonical_url() + (f"?page={number}" if number > 1 else "")

    def open_graph_of(self, cover: Cover) -> open_graph.OpenGraph:
        """What other sites show of the record."""
        return open_graph.for_record(self.kind, self.record, cover)

    def staff_links(self) -> list[tuple[str, str]]:
        """(URL, label) of the pages of the admin about the record that the user may open; none for visitors."""
        user, pages = self.request.user, []
        if user.is_active and user.is_staff:
            # Set by the preview, which publishes the record for the page only.
            may_edit = getattr(self.request, "may_edit_record", None)
            if may_change(user, self.record) if may_edit is None else may_edit:
                pages.append(("change", "Edit"))
            if user.has_perm(f"catalog.view_{self.kind}"):
                pages.append(("history", "History"))
        return [(url_for(f"admin:catalog_{self.kind}_{page}", self.record.pk), label) for page, label in pages]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The record, its Open Graph data if it has a ``cover``, and the citations of ``cited_records``."""
        if self.lists.is_past_the_end:
            raise Http404("No such page")
        if self.lists.number > 1:
            kwargs["title"] += f", page {self.lists.number}"
        if "cover" in kwargs:
            kwargs["open_graph"] = self.open_graph_of(kwargs["cover"])
        context = super().get_context_data(record=self.record, kind=self.kind, **kwargs)
        context["report_url"] = report_url(context["title"], self.canonical_url(), kwargs.get("infobox", ()))
        context["staff_links"] = self.staff_links()
        context["list_pages"] = self.lists.pagination(page_url_builder(self.request))
        context["citations"] = PageCitations(context.pop("cited_records"))
        return context
