"""Sort keys: names and titles folded, so that every list has the same order on every database."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from typing import Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from catalog.text import fold

SORT_KEY_LENGTH = 200
WORD = re.compile("[a-z0-9]+")
LEADING_MARKS = re.compile(r"(?!['’]t )[^\w\s]+\s*")

# By ISO 639-1 code. An article that ends in an apostrophe or hyphen is written together with the next word.
_SCANDINAVIAN = {"den", "det", "de", "en", "et", "ett", "ei"}
ARTICLES = {
    "ar": {"al-", "el-"},
    "ca": {"el", "la", "els", "les", "l'", "un", "una"},
    "cy": {"y", "yr"},
    "da": _SCANDINAVIAN,
    "de": {"der", "die", "das", "ein", "eine"},
    "el": {"ο", "η", "το", "οι", "τα"},
    "en": {"the", "a", "an"},
    "eo": {"la"},
    "es": {"el", "la", "los", "las", "lo", "un", "una", "unos", "unas"},
    "fr": {"le", "la", "les", "l'", "un", "une", "des"},
    "ga": {"an", "na"},
    "gl": {"o", "a", "os", "as", "un", "unha"},
    "hu": {"a", "az", "egy"},
    "it": {"il", "lo", "la", "i", "gli", "le", "l'", "un", "uno", "una", "un'"},
    "nb": _SCANDINAVIAN,
    "nl": {"de", "het", "een", "'t"},
    "nn": _SCANDINAVIAN,
    "no": _SCANDINAVIAN,
    "pt": {"o", "a", "os", "as", "um", "uma"},
    "sv": _SCANDINAVIAN,
}
# Articles where the language is not known: not those that begin titles in another language, as German in Die Hard.
CLEAR_ARTICLES = {"das", "der", "det", "een", "eine", "el", "ett", "gli", "het", "il", "l'", "la", "las", "le", "les"}
CLEAR_ARTICLES |= {"los", "una", "une", "unha", "unos", "'t"}
# What looks like an article before these words is none: place names, A to Z.
NO_ARTICLE_BEFORE = {
    "a": {"&", "and", "as", "is", "la", "or", "plus", "to"},
    "el": {"camino", "dorado", "paso", "salvador"},
    "la": {"brea", "jolla", "la", "paz"},
    "las": {"vegas"},
    "le": {"mans"},
    "los": {"alamos", "angeles", "ángeles"},
}


def split_article(title: str, languages: Collection[str] = ()) -> tuple[str, str]:
    """(leading article, rest) of a title in one of ``languages`` (ISO 639-1; none: not known); ("", title) without one.

    English articles count in every language: a title may be a translation.
    """
    match = re.match(r"(\w+['’]|'t\s|’t\s|\w+-|\w+\s)\s*(?=\S)", title)
    if match is None:
        return "", title
    article, rest = match[1].strip(), title[match.end() :]
    folded = article.casefold().replace("’", "'")
    articles = ARTICLES["en"].union(*(ARTICLES.get(code, ()) for code in languages))
    if not languages and (article in (article.lower(), article.capitalize()) or title.isupper()):  # not LA Weekly
        articles |= CLEAR_ARTICLES
    next_word = rest.split()[0].casefold().rstrip(",:;.!?")
    if folded not in articles or next_word in NO_ARTICLE_BEFORE.get(folded, ()):
        return "", title
    return article, rest


def sort_key_of(text: str) -> str:
    """The words of ``text`` as ASCII letters and digits in lower case. Text of marks alone stays."""
    folded = fold(text)
    return " ".join(WORD.findall(folded.replace("'", "")) or folded.split())


def join_sort_keys(keys: Iterable[str]) -> str:
    """Sort keys one behind the other, so that ``Lee, Zoe`` precedes ``Lee Evans, Ann``; empty ones are left out."""
    return "  ".join(filter(None, keys))


def title_sort_key(title: str) -> str:
    """The sort key of a title or name of unknown language: without marks and an article before it."""
    stripped = LEADING_MARKS.sub("", title, count=1) if LEADING_MARKS.match(title) else title
    return sort_key_of(split_article(stripped)[1] or title)


def titles_sort_key(*titles: str) -> str:
    """The sort keys of ``titles``, one behind the other, without empty ones."""
    return join_sort_keys(map(title_sort_key, titles))


def sort_name_key(sort_name: str) -> str:
    """The sort key of a name with a comma behind the family name."""
    return join_sort_keys(map(sort_key_of, sort_name.split(",")))


def sort_title_key(sort_title: str) -> str:
    """The sort key of a title with its article behind a comma at the end, if it has one."""
    rest, _, article = sort_title.rpartition(", ")
    is_article = article.casefold().replace("’", "'") in set().union(*ARTICLES.values())
    return sort_key_of(rest if rest and is_article else sort_title)


class _ComputedAttribute(DeferredAttribute):
    """Computes the key whenever it is read, so that it follows its columns on every way into the database."""

    field: Any

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None or not self.field.sources:
            return super().__get__(instance, cls)
        return self.field.compute({name: getattr(instance, name) for name in self.field.sources})

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SortKeyField(models.CharField):
    """A stored sort key that ``compute`` makes from the columns ``sources`` of the row.

    It is neither edited nor logged nor part of fixtures and files.
    """

    descriptor_class = _ComputedAttribute

    def __init__(self, *sources: str, compute: Callable[..., str] = titles_sort_key, **kwargs: Any) -> None:
        self.sources, self._compute = sources, compute
        super().__init__(
            **kwargs | {"max_length": SORT_KEY_LENGTH, "db_default": "", "editable": False, "serialize": False}
        )

    def deconstruct(self) -> Any:
        """Without ``sources``: in a migration it is a plain column."""
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("max_length", "db_default", "editable", "serialize"):
            kwargs.pop(fixed, None)
        return name, path, args, kwargs

    def db_parameters(self, connection: Any) -> Any:
        """Compare bytes on PostgreSQL, whatever the collation of the database is, as SQLite does."""
        parameters = super().db_parameters(connection)
        return parameters | {"collation": "C"} if connection.vendor == "postgresql" else parameters

    def compute(self, values: Mapping[str, Any]) -> str:
        """The key of a row with ``values`` in the columns ``sources``."""
        return self._compute(*(values[name] or "" for name in self.sources))[:SORT_KEY_LENGTH]


@cache
def sort_key_field(model: type[models.Model]) -> SortKeyField | None:
    """The sort key field of a model, or None."""
    return next((field for field in model._meta.concrete_fields if isinstance(field, SortKeyField)), None)


def changed_sort_key(model: type[models.Model], row: Mapping[str, Any], changed: Collection[str]) -> dict[str, str]:
    """``{column: sort key}`` of ``row`` if one of the columns ``changed`` is part of the key, else {}."""
    field = sort_key_field(model)
    return {field.attname: field.compute(row)} if field and not set(field.sources).isdisjoint(changed) else {}
