"""Records of the vocabulary and companies for the words and codes of sources: “eng”, “U.S.”, “Sci-Fi & Fantasy”."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from catalog.editing.ingest.iso_codes import COUNTRY_CODES, LANGUAGE_CODES
from catalog.editing.ingest.plan import CompanyClaim
from catalog.editing.ingest.stated_people import Marks, contradict
from catalog.models import Company, Country, ExternalId, Genre, Language
from catalog.models.compiled_query import batches
from catalog.search.names import ids_by_name_key
from catalog.search.tokenizer import name_key
from catalog.sources.series_claims import ExternalIds, SeriesClaims
from catalog.text import fold

# What sources call languages, countries and genres beside the names and codes of the vocabulary, folded.
OTHER_LANGUAGES = {
    **{"iw": "he", "in": "id", "ji": "yi", "cn": "yue", "jw": "jv", "mo": "ro"},  # withdrawn codes, and TMDB's own
    **{"castilian": "es", "farsi": "fa", "flemish": "nl", "mandarin": "cmn", "standard chinese": "cmn"},
    **{"norwegian bokmal": "nb", "norwegian nynorsk": "nn", "greek modern": "el", "bangla": "bn", "odiya": "or"},
    **{"gaelic": "gd", "irish gaelic": "ga", "tagalog": "tl", "american sign language": "ase"},
}
OTHER_COUNTRIES = {
    **{"united states of america": "US", "u.s.": "US", "u.s.a.": "US", "the united states": "US", "america": "US"},
    **{"u.k.": "GB", "uk": "GB", "great britain": "GB", "britain": "GB", "england": "GB", "scotland": "GB"},
    **{"wales": "GB", "northern ireland": "GB", "the netherlands": "NL", "holland": "NL", "russian federation": "RU"},
    **{"czech republic": "CZ", "republic of korea": "KR", "korea, republic of": "KR", "korea": "KR"},
    **{"republic of ireland": "IE", "turkiye": "TR", "turkey": "TR", "uae": "AE", "viet nam": "VN"},
    **{"iran, islamic republic of": "IR", "taiwan, province of china": "TW", "republic of china": "TW"},
    **{"people's republic of china": "CN", "macedonia": "MK", "swaziland": "SZ", "cape verde": "CV", "macau": "MO"},
    **{"west germany": "DE", "federal republic of germany": "DE"},
}
OTHER_GENRES = {
    **{"sci-fi": ("Science fiction",), "sci-fi & fantasy": ("Science fiction", "Fantasy")},
    **{"action & adventure": ("Action", "Adventure"), "war & politics": ("War", "Political drama")},
    **{"kids": ("Children's",), "children": ("Children's",), "talk": ("Talk show",), "soap": ("Soap opera",)},
    **{
        "reality-tv": ("Reality",),
        "reality television": ("Reality",),
        "sport": ("Sports",),
        "history": ("Historical",),
    },
    **{"biography": ("Biographical",), "medical": ("Medical drama",), "legal": ("Legal drama",), "food": ("Cooking",)},
    **{"dramedy": ("Comedy drama",), "suspense": ("Thriller",), "cartoon": ("Animation",), "animated": ("Animation",)},
    **{"adult animation": ("Animation",), "comic science fiction": ("Comedy", "Science fiction")},
    **{"animated series": ("Animation",), "situation comedy": ("Sitcom",), "sketch show": ("Sketch comedy",)},
    **{"science-fiction": ("Science fiction",), "dark comedy": ("Black comedy",), "spy": ("Espionage",)},
    **{"period drama": ("Historical drama",), "costume drama": ("Historical drama",), "romantic": ("Romance",)},
    **{"cop show": ("Police procedural",), "procedural": ("Police procedural",), "rom-com": ("Romantic comedy",)},
    **{"quiz show": ("Quiz",), "documentary series": ("Documentary",), "stand-up": ("Stand-up comedy",)},
}
LANGUAGE_TAG = re.compile(r"([a-z]{2,3})[-_][A-Za-z0-9_-]+")  # pt-BR
REGION = re.compile(r"\s*\([^()]*\)$")  # English (US)
COUNTRY_BEHIND = re.compile(r"\s*\([A-Z]{2}\)$")
COMPANY_PARTS = {"networks": "network", "production_companies": "production", "distributors": "distributor"}

RecordT = TypeVar("RecordT", Language, Country)


def fold_words(text: str) -> str:
    """A stated word folded, with single spaces."""
    return " ".join(fold(text).split())


@dataclass
class StatedWords:
    """Languages, countries and genres by the folded words for them. Three queries."""

    languages: dict[str, Language] = field(default_factory=dict)
    countries: dict[str, Country] = field(default_factory=dict)
    genres: dict[str, Genre] = field(default_factory=dict)  # by name key

    @classmethod
    def load(cls) -> StatedWords:
        """Read the vocabulary."""
        words = cls(genres={name_key(genre.name): genre for genre in Genre.objects.all()})
        words.languages = _by_word(Language.objects.all(), [*LANGUAGE_CODES.items(), *OTHER_LANGUAGES.items()])
        words.countries = _by_word(Country.objects.all(), [*COUNTRY_CODES.items(), *OTHER_COUNTRIES.items()])
        return words

    def find(self, list_name: str, text: str) -> Sequence[Language | Country | Genre]:
        """The records that a word of a list of a series names: none, one, or genres such as “Action & Adventure”."""
        finders: dict[str, Callable[[str], Sequence[Language | Country | Genre]]] = {
            "languages": self.find_language,
            "countries": self.find_country,
            "genres": self.find_genres,
        }
        return finders[list_name](text)

    def find_language(self, text: str) -> list[Language]:
        """The language of a name or code, also with a region: “pt-BR”, “English (US)”."""
        tag = LANGUAGE_TAG.fullmatch(text.strip())
        words = (text, tag[1] if tag else "", REGION.sub("", text), re.sub(r"(?i)\s+language$", "", text))
        return _first(self.languages, words)

    def find_country(self, text: str) -> list[Country]:
        """The country of a name or code."""
        return _first(self.countries, (text, REGION.sub("", text)))

    def find_genres(self, text: str) -> list[Genre]:
        """The genres of a word; those of its words if each is a genre: “Action drama”."""
        genres = self._genres_of(text)
        parts = text.split()
        if not genres and len(parts) > 1:
            genres_of_parts = [self._genres_of(part) for part in parts]
            genres = [genre for part in genres_of_parts for genre in part] if all(genres_of_parts) else []
        return list(dict.fromkeys(genres))

    def _genres_of(self, text: str) -> list[Genre]:
        key = name_key(text)
        names = OTHER_GENRES.get(fold_words(text), (text, f"{text}s", text.removesuffix("s")) if key else ())
        matches = [self.genres[key] for name in names if (key := name_key(name)) in self.genres]
        return matches if fold_words(text) in OTHER_GENRES else matches[:1]


def _by_word(records: Iterable[RecordT], codes: Iterable[tuple[str, str]]) -> dict[str, RecordT]:
    """Records by their folded names and codes, and by other ``codes``: pairs (word, code)."""
    by_code = {record.code: record for record in records}
    words = {fold_words(word): by_code[code] for word, code in codes if code in by_code}
    for code, record in by_code.items():
        words[fold_words(record.name)] = words[fold_words(code)] = record
    return words


def _first(records: dict[str, RecordT], words: Iterable[str]) -> list[RecordT]:
    return [records[word] for word in map(fold_words, words) if word in records][:1]


def without_country(company: str) -> str:
    """The name of a company without a country behind it, by which a source tells it from others: “FOX (US)”."""
    return COUNTRY_BEHIND.sub("", company) or company


@dataclass
class StatedCompanies:
    """Companies of the catalogue by identifier and by name key."""

    by_id: dict[tuple[str, str], Company] = field(default_factory=dict)
    ids: dict[int, Marks] = field(default_factory=dict)  # of those with a stated name, by primary key
    by_name: dict[str, list[Company]] = field(default_factory=dict)

    @classmethod
    def load(cls, claims: Iterable[SeriesClaims]) -> StatedCompanies:
        """Read the companies with an identifier, a name or an alias that the sources state."""
        names: set[str] = set()
        values: set[str] = set()
        for claim in claims:
            stated = [name for list_name in COMPANY_PARTS for name in claim.lists.get(list_name, ())]
            names.update(stated, map(without_country, stated))
            values.update(value for ids in claim.company_ids.values() for _, value in ids)
        companies = cls()
        for batch in batches(values):
            rows = ExternalId.objects.filter(company__isnull=False, value__in=batch).select_related("company")
            companies.by_id |= {(row.scheme, row.value): row.company for row in rows if row.company is not None}
        pks_by_name = ids_by_name_key("company", set(map(name_key, names)))
        records = Company.objects.in_bulk({pk for pks in pks_by_name.values() for pk in pks})
        for row in ExternalId.objects.filter(company__in=records):
            companies.ids.setdefault(row.company_id or 0, {}).setdefault(row.scheme, set()).add(row.value)
        companies.by_name = {key: [records[pk] for pk in pks if pk in records] for key, pks in pks_by_name.items()}
        return companies

    def claim(self, name: str, ids: ExternalIds) -> tuple[CompanyClaim, bool]:
        """(the company with a stated identifier, else that of this name, True if several have the name).

        A company of which another identifier is recorded is another one.
        """
        with_id = [self.by_id[scheme_and_value] for scheme_and_value in ids if scheme_and_value in self.by_id]
        marks = {scheme: {value} for scheme, value in ids}
        with_name = self.by_name.get(name_key(name)) or self.by_name.get(name_key(without_country(name)), [])
        matches = with_id[:1] or [
            company for company in with_name if not contradict(marks, self.ids.get(company.pk, {}))
        ]
        return CompanyClaim(name, matches[0].pk if len(matches) == 1 else None, ids), len(matches) > 1
