"""Search over everything, grouped by kind, and what is offered while one types."""

from urllib.parse import urlencode

from django.http import JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalog.links import url_for
from catalog.search import search, suggest
from catalog.search.index import INDEXED_MODELS
from catalog.search.tokenizer import clean_query
from catalog.views.base import Page
from catalog.views.presenters import search_results as parts


class SearchPage(Page):
    """``/search/?q=``; with ``exact=1`` a text that nothing answers is not taken for the nearest name."""

    template_name = "catalog/search.html"
    section = "search"

    def get_context_data(self, **kwargs):
        """The groups found; an empty field is an invitation, not an error."""
        text = clean_query(self.request.GET.get("q", ""))
        exact = self.request.GET.get("exact") == "1"
        found = search(text, exact)
        total = sum(group.total for group in found)
        blocks = parts.result_groups(found)
        return super().get_context_data(
            title=f"Search: {text}" if text else "Search",
            description=f"{total:,} found for “{text}” among series, episodes, people, characters and companies."
            if text
            else "Search series, episodes, people, characters, companies and production codes.",
            text=text,
            shown_for=found.shown_for,
            instead=f"{url_for('search')}?{urlencode({'q': text, 'exact': 1})}",
            single=parts.exact_match(blocks, found),
            blocks=blocks,
            total=total,
            is_capped=any(block.is_capped for block in blocks),
            **kwargs,
        )


@require_safe
@cache_control(public=True, no_cache=True)
def suggestions(request):
    """``/search/suggest?q=``: what may be meant, as JSON; ``kind`` keeps to one kind of record.

    With ``as=list`` in the form that browsers ask for of a search engine (OpenSearch suggestions 1.1).
    """
    text, kind = clean_query(request.GET.get("q", "")), request.GET.get("kind", "")
    kinds = (kind,) if kind in INDEXED_MODELS else tuple(INDEXED_MODELS)
    found = [parts.suggestion_data(*each) for each in suggest(text, kinds)]
    if request.GET.get("as") == "list":
        columns = [[each[column] for each in found] for column in ("name", "note")]
        urls = [request.build_absolute_uri(each["url"]) for each in found]
        return JsonResponse([text, *columns, urls], safe=False, content_type="application/x-suggestions+json")
    return JsonResponse({"q": text, "suggestions": found})
