"""Alternative titles of series and episodes."""

from django.db import models

from catalog.models.base import NaturalKey, exactly_one
from catalog.models.episode import Episode
from catalog.models.genre import Language
from catalog.models.series import Series
from catalog.models.sort_key import SortKeyField


class AlternativeTitle(NaturalKey):
    """Another title of a series or episode."""

    class Kind(models.TextChoices):
        """The type of alternative title."""

        WORKING = "working", "Working title"
        ORIGINAL = "original", "Original title"
        EARLIER = "earlier", "Earlier title"
        TRANSLATED = "translated", "Translated title"
        ALSO = "also", "Also known as"

    series = models.ForeignKey(Series, null=True, blank=True, on_delete=models.CASCADE, related_name="titles")
    episode = models.ForeignKey(Episode, null=True, blank=True, on_delete=models.CASCADE, related_name="titles")
    title = models.CharField(max_length=200)
    sort_key = SortKeyField("title")
    kind = models.CharField(max_length=12, choices=Kind)
    language = models.ForeignKey(Language, null=True, blank=True, on_delete=models.PROTECT, related_name="titles")
    note = models.CharField(max_length=200, blank=True)

    natural_fields = (
        "series__slug",
        "episode__season__series__slug",
        "episode__season__number",
        "episode__number",
        "title",
        "kind",
    )

    class Meta:
        ordering = ["kind", "sort_key", "title"]
        constraints = [
            exactly_one("series", "episode", name="title_of_a_series_or_an_episode"),
            models.UniqueConstraint(
                fields=["series", "title", "kind"],
                name="one_title_of_a_kind_for_a_series",
                violation_error_message="The series has this title already.",
            ),
            models.UniqueConstraint(
                fields=["episode", "title", "kind"],
                name="one_title_of_a_kind_for_an_episode",
                violation_error_message="The episode has this title already.",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def title_language(self) -> str:
        """The ISO 639 code of its language, "" if that is not known."""
        return self.language.code if self.language else ""
