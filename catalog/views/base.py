"""The two shapes of a page: the list with facets and the record."""

from django.conf import settings
from django.core.paginator import EmptyPage
from django.http import Http404, HttpResponsePermanentRedirect
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView

from catalog.links import url_for
from catalog.models import FormerSlug
from catalog.views.presenters import meta_description, open_graph
from catalog.views.presenters.citations import PageCitations

PAGE_SIZE = 25
MAX_NAMED_CHIPS = 4  # chosen values in the title of a list


class Page(TemplateView):
    """A page for visitors, written by Jinja2 (README: why). ``section`` is the place in the main navigation."""

    template_engine = "jinja2"
    section = ""

    @classmethod
    def as_view(cls, **initkwargs):
        """Pages take nothing in, so whatever is sent is the wrong method (405), not a forgery (403)."""
        return csrf_exempt(super().as_view(**initkwargs))

    def canonical_url(self):
        """The one address of this page for search engines."""
        return settings.SITE_URL + self.request.path

    def render_to_response(self, context, **kwargs):
        """With the address of the rules by which browsers fetch the next page ahead (catalog.views.site_files)."""
        response = super().render_to_response(context, **kwargs)
        response["Speculation-Rules"] = f'"{url_for("speculation-rules")}"'
        return response

    def get_context_data(self, **kwargs):
        """What the frame of every page needs."""
        frame = {"site_name": settings.SITE_NAME, "section": self.section, "canonical": self.canonical_url()}
        return super().get_context_data(**frame, **{"preview": open_graph.for_site()} | kwargs)


def page_url_builder(request):
    """A function from a page number to the address of that page, the other parameters kept."""

    def address(number):
        query = request.GET.copy()
        query.pop("page", None)
        if number != 1:
            query["page"] = number
        return f"?{query.urlencode()}" if query else request.path

    return address


def parse_page_number(text, highest=10**6):
    """A page number in plain digits from 1; Http404 for anything else, absurdly high ones included."""
    if not (text.isascii() and text.isdigit() and len(text) <= 7 and 1 <= int(text) <= highest):
        raise Http404("No such page")
    return int(text)


def hidden_fields(selection):
    """A selection as (parameter, value), for the hidden fields of a form."""
    return [(name, value) for name, v in selection.items() for value in ([v] if isinstance(v, str) else v)]


def chips_in_words(chips):
    """What is chosen, in words: ``Director Ti West`` for each."""
    return [f"{chip.facet} {chip.label}" for chip in chips]


class FacetedList(Page):
    """A list narrowed by facets: chips, facets, sort, rows, pages.

    A page that does not exist is 404; unknown parameters and sort keys are ignored; unknown values match
    nothing and are shown so.
    """

    facet_set = None
    queryset = None
    heading = ""
    page_size = PAGE_SIZE

    def get_facets(self):
        """The facets of this request over what visitors may see."""
        return self.facet_set(self.request.GET)

    def load_rows(self, keys):
        """The rows with these primary keys, in their order, with all that their cards show."""
        found = self.facet_set._meta.model.objects.for_list().in_bulk(keys)
        return [found[key] for key in keys if key in found]

    def get_context_data(self, **kwargs):
        """Facets, chips, sort links, the rows of the page and its neighbours."""
        self.facets = facets = self.get_facets()
        asked = self.request.GET.get("page")
        self.number = number = 1 if asked is None else parse_page_number(asked)
        try:
            page = facets.page(number, self.page_size)
        except EmptyPage as error:
            raise Http404("No such page") from error
        chips = facets.chips()
        total, blocks = page.paginator.count, facets.blocks(self.facet_url)
        return super().get_context_data(
            title=self.title(chips, number),
            description=meta_description.for_list(
                total, facets.record_type, chips_in_words(chips), [block.label for block in blocks]
            ),
            heading=self.heading,
            facets=facets,
            record_type=facets.record_type,
            all_total=facets.engine.unfiltered_total(),
            blocks=blocks,
            hidden=hidden_fields(facets.selection),
            chips=chips,
            total=total,
            page=page,
            pages=page.paginator.get_elided_page_range(number, on_each_side=1, on_ends=1),
            rows=self.load_rows(page.object_list),
            **kwargs,
        )

    def title(self, chips, number):
        """The heading, with what is chosen and the page, so that no two lists open in a browser are named alike."""
        chosen = chips_in_words(chips)
        more = [f"and {len(chosen) - MAX_NAMED_CHIPS} more"] if len(chosen) > MAX_NAMED_CHIPS else []
        named = f"{self.heading}: {', '.join(chosen[:MAX_NAMED_CHIPS] + more)}" if chosen else self.heading
        return f"{named}, page {number}" if number > 1 else named

    def facet_url(self, name):
        """The page with all values of one facet."""
        return url_for(f"{self.facet_set._meta.model._meta.model_name}-facet", name)

    def canonical_url(self):
        """The list, whole or with a single chosen value, which search engines may find; each page is its own."""
        chosen = [slug for name, slugs in self.facets.selection.items() for slug in slugs if name in self.facets.facets]
        if len(chosen) > 1 or "q" in self.facets.selection:
            return super().canonical_url()
        query = self.facets.url(sort=None, page=self.number if self.number > 1 else None)
        return super().canonical_url() + query.removesuffix("?")


class RecordPage(Page):
    """One record: title, facts, body, credits, sources. A former slug leads on; a draft is 404."""

    kind = ""

    def dispatch(self, request, *args, **kwargs):
        """Find the record, or where it moved to; another way of writing its address (s1e3, season-01) leads to it."""
        kwargs["slug"] = kwargs["slug"].lower()
        self.record = self.find_record(**kwargs) or self.find_former(**kwargs)
        if self.record is None:
            raise Http404("No such record")
        address = self.record.get_absolute_url()
        if address != request.path and request.method in ("GET", "HEAD"):
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
        return super().dispatch(request, *args, **kwargs)

    def find_record(self, **kwargs):
        """The published record at this address, or None."""
        raise NotImplementedError

    def find_former(self, slug):
        """The published record that was at this address formerly, or None."""
        now = FormerSlug.resolve(self.kind, slug)
        return self.find_record(slug=now) if now else None

    def get_context_data(self, **kwargs):
        """The record, what other sites show of it, and its marks ready to be asked."""
        if "sleeve" in kwargs:
            kwargs["preview"] = open_graph.for_record(self.kind, self.record, kwargs["sleeve"])
        context = super().get_context_data(record=self.record, kind=self.kind, **kwargs)
        context["marks"] = PageCitations(context.pop("cited"))
        return context
