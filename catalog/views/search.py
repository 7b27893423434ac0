"""The search page, and suggestions while a visitor types."""

from urllib.parse import urlencode

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from catalog.links import url_for
from catalog.search import name_cache, search, suggest
from catalog.search.index import INDEXED_MODELS
from catalog.search.suggest import SUGGESTED_KINDS
from catalog.search.tokenizer import clean_query
from catalog.views.base import Page
from catalog.views.presenters.search_results import exact_hit, result_groups, suggestion_data


class SearchPage(Page):
    """``/search/?q=``; with ``exact=1`` typing errors are not corrected."""

    template_name = "catalog/search.html"
    section = "search"

    def get_context_data(self, **kwargs):
        """Search; without a text the page shows the field and the lists to browse."""
        text = clean_query(self.request.GET.get("q", ""))
        result = search(text, exact=self.request.GET.get("exact") == "1")
        groups = result_groups(result)
        total = sum(group.total for group in groups)
        description = "Search series, episodes, people, characters, companies, songs, sources and production codes."
        if text:
            description = (
                f"{total:,} records for “{text}”, by kind: series, episodes, people, companies, songs and more."
            )
        return super().get_context_data(
            title=f"Search: {text}" if text else "Search",
            description=description,
            text=text,
            corrected_text=result.corrected_text,
            exact_search_url=f"{url_for('search')}?{urlencode({'q': text, 'exact': 1})}",
            exact_hit=exact_hit(groups, result),
            groups=groups,
            total=total,
            is_capped=any(group.is_capped for group in groups),
            is_corrected=result.is_final,
            is_counted=result.is_final and all(group.has_lines for group in groups),
            **kwargs,
        )


@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """``/search/suggest?q=``: suggestions as JSON; ``kind`` restricts them to one kind of record.

    With ``as=list`` in the format that browsers expect of a search engine (OpenSearch suggestions 1.1).
    """
    text, kind = clean_query(request.GET.get("q", "")), request.GET.get("kind", "")
    kinds = (kind,) if kind in INDEXED_MODELS else SUGGESTED_KINDS
    has_names = name_cache.prepare()
    items = suggestion_data(suggest(text, kinds))
    if request.GET.get("as") == "list":
        names, notes = ([item[key] for item in items] for key in ("name", "note"))
        urls = [request.build_absolute_uri(item["url"]) for item in items]
        data = [text, names, notes, urls]
        response = JsonResponse(data, safe=False, content_type="application/x-suggestions+json")
    else:
        response = JsonResponse({"q": text, "suggestions": items})
    # Without the names typing errors are not corrected, which they are a moment later.
    response["Cache-Control"] = "public, no-cache" if items or has_names else "no-store"
    return response
