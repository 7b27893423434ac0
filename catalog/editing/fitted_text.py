"""Texts of sources as the columns of the catalogue can hold them."""

from django.db.models import Model

from catalog.models.bounds import max_length
from catalog.text import cut_text, join_lines


def fit_text(model: type[Model], name: str, text: str) -> str:
    """The text without line ends and, if the column is too short for it, cut at a word."""
    return cut_text(join_lines(text).strip(), max_length(model, name))
