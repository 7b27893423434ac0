"""Identifiers of records in other catalogues."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from catalog.models.base import NaturalKey, exactly_one
from catalog.models.company import Company
from catalog.models.episode import Episode
from catalog.models.person import Person
from catalog.models.season import Season
from catalog.models.series import Series
from catalog.text import remove_invisible

OWNER_FIELDS = ("series", "season", "episode", "person", "company")
TITLE_FIELDS = ("series", "season", "episode")
MAX_ADDRESS_LENGTH = 500
ADDRESS = re.compile(r"(?:https?://)?([^/?#\s]+\.[a-z]+)(/\S*)", re.IGNORECASE)
NUMBER = r"[1-9]\d{0,9}"
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@dataclass(frozen=True)
class IdFormat:
    """The identifiers of one catalogue, and where they are in the addresses of its pages."""

    host: str
    example: str
    patterns: dict[str, str]  # of an identifier, by the owner's field; none: the catalogue has no such records
    paths: dict[str, str]  # what an address has before the identifier, by the owner's field; none: addresses lack it
    normalize: Callable[[str], str] = str.lower

    def from_address(self, address: str, owners: Collection[str]) -> str | None:
        """The identifier in the address of a page about one of the ``owners``, or None."""
        parts = ADDRESS.fullmatch(address)
        if parts is None or not f".{parts[1].lower()}".endswith(f".{self.host}"):
            return None
        for owner in owners:
            if owner in self.paths:
                pattern = rf"/(?:{self.paths[owner]})({self.patterns[owner]})(?![^-/?#&])"
                if match := re.search(pattern, parts[2], re.IGNORECASE | re.ASCII):
                    return self.normalize(match[1])
        return None

    def is_valid(self, value: str, owners: Collection[str]) -> bool:
        """True if ``value`` is an identifier of one of the ``owners``."""
        return any(re.fullmatch(self.patterns[owner], value, re.ASCII) for owner in owners if owner in self.patterns)


ID_FORMATS = {
    "imdb": IdFormat(
        "imdb.com",
        "tt8269772 or nm0922247",
        dict.fromkeys(TITLE_FIELDS, r"tt\d{7,10}") | {"person": r"nm\d{7,10}", "company": r"co\d{7,10}"},
        dict.fromkeys(TITLE_FIELDS, "title/") | {"person": "name/", "company": "company/"},
    ),
    "tmdb": IdFormat(
        "themoviedb.org",
        "1396",
        dict.fromkeys(OWNER_FIELDS, NUMBER),
        {"series": "tv/", "person": "person/", "company": "company/"},
    ),
    "tmdb-network": IdFormat("themoviedb.org", "213", {"company": NUMBER}, {"company": "network/"}),
    "tvdb": IdFormat(
        "thetvdb.com",
        "81189",
        dict.fromkeys(OWNER_FIELDS, NUMBER),
        {  # a number behind /series/ may be a title: 1883
            "series": r"dereferrer/series/|\?tab=series&id=",
            "season": "dereferrer/season/",
            "episode": "dereferrer/episode/|series/[^/]+/episodes/",
            "person": "(?:dereferrer/)?people/",
        },
    ),
    "tvmaze": IdFormat(
        "tvmaze.com",
        "169",
        dict.fromkeys(OWNER_FIELDS, NUMBER),
        {
            "series": "shows/",
            "season": "seasons/",
            "episode": "episodes/",
            "person": "people/",
            "company": "networks/",
        },
    ),
    "tvmaze-web": IdFormat("tvmaze.com", "1", {"company": NUMBER}, {"company": "webchannels/"}),
    "wikidata": IdFormat(
        "wikidata.org",
        "Q1079",
        dict.fromkeys(OWNER_FIELDS, r"Q[1-9]\d{0,11}"),
        dict.fromkeys(OWNER_FIELDS, "(?:wiki/|entity/|wiki/Special:EntityPage/)"),
        normalize=str.upper,
    ),
    "musicbrainz": IdFormat(
        "musicbrainz.org",
        "f27ec8db-af05-4f36-916e-3d57f91ecf5e",
        dict.fromkeys(OWNER_FIELDS, UUID),
        {"series": "series/", "person": "artist/", "company": "label/"},
    ),
}


class ExternalId(NaturalKey):
    """The identifier of one record in another catalogue."""

    class Scheme(models.TextChoices):
        """The other catalogues."""

        IMDB = "imdb", "IMDb"
        TMDB = "tmdb", "TMDB"
        TMDB_NETWORK = "tmdb-network", "TMDB network"  # numbered apart from companies
        TVDB = "tvdb", "TheTVDB"
        TVMAZE = "tvmaze", "TVmaze"
        TVMAZE_WEB = "tvmaze-web", "TVmaze web channel"  # numbered apart from networks
        WIKIDATA = "wikidata", "Wikidata"
        MUSICBRAINZ = "musicbrainz", "MusicBrainz"

    series = models.ForeignKey(Series, null=True, blank=True, on_delete=models.CASCADE, related_name="external_ids")
    season = models.ForeignKey(Season, null=True, blank=True, on_delete=models.CASCADE, related_name="external_ids")
    episode = models.ForeignKey(Episode, null=True, blank=True, on_delete=models.CASCADE, related_name="external_ids")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.CASCADE, related_name="external_ids")
    company = models.ForeignKey(Company, null=True, blank=True, on_delete=models.CASCADE, related_name="external_ids")
    scheme = models.CharField(max_length=12, choices=Scheme)
    value = models.CharField(max_length=60)

    natural_fields = (
        "scheme",
        "value",
        "series__slug",
        "season__series__slug",
        "season__number",
        "episode__season__series__slug",
        "episode__season__number",
        "episode__number",
        "person__slug",
        "company__slug",
    )

    class Meta:
        ordering = ["scheme", "value"]
        verbose_name = "external id"
        constraints = [
            exactly_one(*OWNER_FIELDS, name="external_id_of_exactly_one"),
            # Catalogues number series, people and so on separately, so a number is unique per type of record.
            *(
                models.UniqueConstraint(
                    fields=["scheme", "value"],
                    condition=Q(**{f"{owner}__isnull": False}),
                    name=f"one_{owner}_of_an_external_id",
                    violation_error_message="Another record has this identifier.",
                )
                for owner in OWNER_FIELDS
            ),
        ]

    def __str__(self):
        return f"{self.get_scheme_display()} {self.value}"

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Replace the address of a page by the identifier in it; refuse what is no identifier for the owner's type."""
        if "value" not in (exclude or ()) and self.scheme in ID_FORMATS:
            id_format, owners, value = ID_FORMATS[self.scheme], self._owners(), remove_invisible(self.value).strip()
            self.value = id_format.from_address(value, owners) or id_format.normalize(value)
            if self.value and not id_format.is_valid(self.value, owners):
                owner = owners[0] if len(owners) == 1 else "record"
                raise ValidationError({"value": self._invalid_value_message(value, owner)})
        super().clean_fields(exclude=exclude)

    def _invalid_value_message(self, value: str, owner: str) -> str:
        name = self.get_scheme_display()
        others = (scheme for scheme, id_format in ID_FORMATS.items() if id_format.from_address(value, self._owners()))
        if other := next(others, None):
            return f"This is an address of {self.Scheme(other).label}: choose that instead of {name}."
        if ADDRESS.fullmatch(value):
            return f"This address has no {name} id of this {owner}."
        return f"Enter the {name} id of this {owner}, such as {ID_FORMATS[self.scheme].example}."

    def _owners(self) -> list[str]:
        """The field of the owner; all of them if none is chosen."""
        cached = self._state.fields_cache  # has an owner that is not saved yet
        owners = [name for name in OWNER_FIELDS if getattr(self, f"{name}_id") or cached.get(name)]
        return owners or list(OWNER_FIELDS)
