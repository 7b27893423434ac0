"""Networks, studios, distributors: the list, and the page of one company with its part in each series."""

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404

from catalog.models import Availability, Company, Event, SeriesCompany
from catalog.views.base import PAGE_SIZE, Page, RecordPage, page_url_builder, parse_page_number
from catalog.views.presenters import cover, meta_description
from catalog.views.presenters.infobox import company_infobox


class CompanyList(Page):
    """``/companies/``: by name; the parameter ``q`` narrows to names that hold it."""

    template_name = "catalog/company_list.html"
    section = "companies"

    def get_context_data(self, **kwargs):
        """The companies of one page with how many series each had a part in."""
        text = " ".join(self.request.GET.get("q", "").replace("\x00", " ").split())[:200]
        found = Company.objects.published().for_list()
        paginator = Paginator(found.filter(name__icontains=text) if text else found, PAGE_SIZE)
        asked = self.request.GET.get("page")
        try:
            page = paginator.page(1 if asked is None else parse_page_number(asked))
        except EmptyPage as error:
            raise Http404("No such page") from error
        return super().get_context_data(
            title="Companies",
            description=f"Networks, platforms, production companies and distributors: {paginator.count:,} of them"
            + (f", named like “{text}”." if text else "."),
            text=text,
            page=page,
            pages=paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
            total=paginator.count,
            page_url=page_url_builder(self.request),
            **kwargs,
        )


class CompanyDetail(RecordPage):
    """``/companies/<slug>/``."""

    template_name = "catalog/company_detail.html"
    section = "companies"
    kind = "company"

    def find_record(self, slug):
        """The published company of that slug."""
        return Company.objects.published().for_page().filter(slug=slug).first()

    def get_context_data(self, **kwargs):
        """Its part in each series, what it showed when, and the events it took part in."""
        company = self.record
        parts = [
            part
            for part in SeriesCompany.objects.filter(company=company).select_related("series", "company")
            if part.series.is_published
        ]
        shown = [
            entry
            for entry in Availability.objects.filter(platform=company).select_related("series", "platform")
            if entry.series.is_published
        ]
        events = sorted(
            (e for e in Event.objects.filter(companies=company).select_related("series") if e.series.is_published),
            key=lambda event: event.sort_key,
        )
        return super().get_context_data(
            title=company.name,
            description=meta_description.for_company(company, parts),
            sleeve=cover.initials_cover(company),
            facts=company_infobox(company),
            parts=parts,
            shown=shown,
            events=events,
            cited=[company, *parts, *shown, *events, *company.external_ids.all()],
            **kwargs,
        )
