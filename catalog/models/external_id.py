"""Identifiers of records in other catalogues."""

from django.db import models
from django.db.models import Q

from catalog.models.base import NaturalKey, exactly_one
from catalog.models.company import Company
from catalog.models.episode import Episode
from catalog.models.person import Person
from catalog.models.season import Season
from catalog.models.series import Series

OWNER_FIELDS = ("series", "season", "episode", "person", "company")


class ExternalId(NaturalKey):
    """The identifier of one record in another catalogue."""

    class Scheme(models.TextChoices):
        """The other catalogues."""

        IMDB = "imdb", "IMDb"
        TMDB = "tmdb", "TMDB"
        TVDB = "tvdb", "TheTVDB"
        TVMAZE = "tvmaze", "TVmaze"
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
