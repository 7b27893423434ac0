"""Search over everything, grouped by kind."""

from catalog.search import search
from catalog.search.find import clean
from catalog.views.base import Page


class Search(Page):
    """``/search/?q=``."""

    template_name = "catalog/search.html"
    section = "search"

    def get_context_data(self, **kwargs):
        """The groups found; an empty field is an invitation, not an error."""
        text = clean(self.request.GET.get("q", ""))
        groups = search(text)
        total = sum(group.total for group in groups)
        return super().get_context_data(
            title=f"Search: {text}" if text else "Search",
            description=f"{total:,} found for “{text}” among series, episodes, people, characters and companies."
            if text
            else "Search series, episodes, people, characters, companies and production codes.",
            text=text,
            groups=groups,
            total=total,
            **kwargs,
        )
