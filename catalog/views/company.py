"""Networks, studios, distributors: the list, and the page of one company with its part in each series."""

from django.core.paginator import Paginator

from catalog.models import Availability, Company, Event, SeriesCompany
from catalog.views.base import PAGE_SIZE, Page, RecordPage, page_url_builder, requested_page
from catalog.views.presenters import cover, meta_description
from catalog.views.presenters.infobox import company_infobox
from catalog.views.presenters.search_details import company_lines

MAX_NAME_FILTER_LENGTH = 200
ROWS_PER_PAGE = 100  # of each role in series, and of any other list of a company


class CompanyList(Page):
    """``/companies/``: by name; the parameter ``q`` narrows the list by present and other names."""

    template_name = "catalog/company_list.html"
    section = "companies"

    def get_context_data(self, **kwargs):
        """The companies of one page with the number of their series."""
        text = " ".join(self.request.GET.get("q", "").replace("\x00", " ").split())[:MAX_NAME_FILTER_LENGTH]
        companies = Company.objects.published()
        companies = (companies.named_like(text) if text else companies).for_list()
        paginator = Paginator(companies, PAGE_SIZE)
        page = requested_page(self.request, paginator)
        return super().get_context_data(
            title="Companies",
            description=f"Networks, platforms, production companies and distributors: {paginator.count:,} of them"
            + (f", named like “{text}”." if text else "."),
            name_filter=text,
            page=page,
            work=company_lines(list(page)),
            page_numbers=paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
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
        """The company's parts in published series, what it showed when, and the events it took part in."""
        company, part = self.record, self.lists.part
        all_parts = SeriesCompany.objects.for_list().filter(company=company).visible().newest_first()
        parts = {name: part(all_parts.filter(part=name), ROWS_PER_PAGE) for name in sorted(SeriesCompany.Part.values)}
        listed_parts = [row for rows in parts.values() for row in rows]
        availability = part(Availability.objects.for_list().filter(platform=company).visible(), ROWS_PER_PAGE)
        events = part(Event.objects.for_list().filter(companies=company).visible().by_date(), ROWS_PER_PAGE)
        return super().get_context_data(
            title=company.name,
            description=meta_description.for_company(company, listed_parts),
            cover=cover.initials_cover(company),
            infobox=company_infobox(company),
            parts=listed_parts,
            part_total=sum(rows.total for rows in parts.values()),
            part_spans=[(SeriesCompany.Part(name).label, rows) for name, rows in parts.items() if rows.span],
            availability=availability,
            events=events,
            cited_records=[company, *listed_parts, *availability, *events]
            + [*company.aliases.all(), *company.external_ids.all()],
            **kwargs,
        )
