"""Pictures that records may show: a still, a poster, a portrait, a logo."""

from django.core.validators import FileExtensionValidator, MaxValueValidator, MinValueValidator
from django.db import models

from catalog.models.base import NaturalKey


class Picture(NaturalKey):
    """An uploaded picture with what must be said beside it. The focal point is given in percent."""

    file = models.ImageField(
        upload_to="pictures/%Y/",
        width_field="width",
        height_field="height",
        unique=True,
        validators=[FileExtensionValidator(["jpg", "jpeg", "png", "webp", "avif"])],
    )
    width = models.PositiveIntegerField(editable=False, default=0)
    height = models.PositiveIntegerField(editable=False, default=0)
    alt_text = models.CharField(
        "alternative text", max_length=250, help_text="What is to be seen, for those who cannot see it."
    )
    caption = models.CharField(max_length=250, blank=True)
    credit = models.CharField(max_length=120, help_text="Who made it.")
    licence = models.CharField(max_length=120, help_text="By what right it is shown here.")
    focal_x = models.PositiveSmallIntegerField(
        default=50, validators=[MinValueValidator(0), MaxValueValidator(100)], help_text="Percent from the left."
    )
    focal_y = models.PositiveSmallIntegerField(
        default=50, validators=[MinValueValidator(0), MaxValueValidator(100)], help_text="Percent from the top."
    )

    natural_fields = ("file",)

    class Meta:
        ordering = ["file"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(focal_x__range=(0, 100), focal_y__range=(0, 100)),
                name="focal_point_in_percent",
                violation_error_message="A focal point lies between 0 and 100 percent.",
            )
        ]

    def __str__(self):
        return self.alt_text or self.file.name

    def natural_key(self):
        """The file's name, as text: a file object cannot be written into a fixture."""
        return (self.file.name,)
