"""Full-text search: ``search`` for the page, ``suggest`` while typing, ``filter_by_text`` for lists of the admin."""

from catalog.search.query import SearchGroup, SearchResult, search
from catalog.search.suggest import filter_by_names, filter_by_text, suggest

__all__ = ["SearchGroup", "SearchResult", "filter_by_names", "filter_by_text", "search", "suggest"]
