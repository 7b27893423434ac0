"""Scores of review aggregators."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from catalog.models.base import NaturalKey, exactly_one
from catalog.models.bounds import REGULAR
from catalog.models.episode import Episode
from catalog.models.partial_date import PartialDateField, partial_date_check
from catalog.models.season import Season
from catalog.models.series import Series


class Review(NaturalKey):
    """An aggregator's score out of ``scale``, with the number and the average of the reviews where it gives them."""

    class Kind(models.TextChoices):
        """Whose reviews the score counts."""

        CRITICS = "critics", "Critics"
        AUDIENCE = "audience", "Audience"

    series = models.ForeignKey(Series, null=True, blank=True, on_delete=models.CASCADE, related_name="reviews")
    season = models.ForeignKey(Season, null=True, blank=True, on_delete=models.CASCADE, related_name="reviews")
    episode = models.ForeignKey(Episode, null=True, blank=True, on_delete=models.CASCADE, related_name="reviews")
    aggregator = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.CRITICS)
    score = models.DecimalField(max_digits=6, decimal_places=2, validators=[MinValueValidator(0)])
    scale = models.DecimalField(
        max_digits=6, decimal_places=2, default=100, validators=[MinValueValidator(1)], help_text="The highest score."
    )
    is_percentage = models.BooleanField(default=False, help_text="Shown with a percent sign.")
    average = models.DecimalField("average rating", max_digits=5, decimal_places=2, null=True, blank=True)
    average_scale = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    count = models.PositiveIntegerField("number of reviews", null=True, blank=True, validators=REGULAR)
    label = models.CharField(max_length=80, blank=True, help_text="The aggregator's own words for the score.")
    as_of = PartialDateField("as of")

    natural_fields = (
        "series__slug",
        "season__series__slug",
        "season__number",
        "episode__season__series__slug",
        "episode__season__number",
        "episode__number",
        "aggregator",
        "kind",
    )

    class Meta:
        ordering = ["kind", "aggregator"]
        constraints = [
            exactly_one("series", "season", "episode", name="review_of_exactly_one"),
            *(
                models.UniqueConstraint(
                    fields=[owner, "aggregator", "kind"],
                    name=f"one_review_of_a_{owner}",
                    violation_error_message="There is a score of this aggregator already.",
                )
                for owner in ("series", "season", "episode")
            ),
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=F("scale")),
                name="review_score_within_scale",
                violation_error_message="The score lies between 0 and its scale.",
            ),
            models.CheckConstraint(
                # A check passes on NULL, so a missing scale must be excluded by name.
                condition=Q(average__isnull=True)
                | Q(average_scale__isnull=False, average__gte=0, average__lte=F("average_scale")),
                name="review_average_within_scale",
                violation_error_message="The average lies between 0 and its scale, which must be given with it.",
            ),
            partial_date_check("as_of", "review_as_of_is_a_date"),
        ]

    def __str__(self):
        return f"{self.aggregator}, {self.get_kind_display().lower()}"
