"""FIND: ``search(text)`` is the one function; ``suggest`` answers while one types, ``matching`` narrows a list."""

from catalog.search.query import SearchGroup, SearchResult, search
from catalog.search.suggest import filter_by_text, suggest

__all__ = ["SearchResult", "SearchGroup", "filter_by_text", "search", "suggest"]
