"""FIND: ``search(text)`` is the one function."""

from catalog.search.find import Group, search

__all__ = ["Group", "search"]
