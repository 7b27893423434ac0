"""FIND: ``search(text)`` is the one function; ``suggest`` answers while one types, ``matching`` narrows a list."""

from catalog.search.query import Found, Group, search
from catalog.search.suggest import matching, suggest

__all__ = ["Found", "Group", "matching", "search", "suggest"]
