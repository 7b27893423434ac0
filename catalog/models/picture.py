"""Pictures that records may show: a still, a poster, a portrait, a logo."""

from django.core.files.storage import default_storage
from django.core.validators import FileExtensionValidator, MaxValueValidator, MinValueValidator
from django.db import models

from catalog.models.base import NaturalKey, NaturalKeyManager
from catalog.renditions import name_prefix, picture_file_names, process_upload, rendition_name, rendition_widths


class PictureQuerySet(models.QuerySet):
    """Readings of pictures."""

    def from_same_upload(self, pressing):
        """Pictures of which the same file was uploaded."""
        return self.filter(file__startswith=name_prefix(pressing.digest))


class Picture(NaturalKey):
    """An uploaded picture with what must be said beside it. The focal point is given in percent.

    Its files are written before its row is: whoever reads the row finds them. They stay when it is deleted or gets
    another file, so that either can be taken back (``history.pictures`` clears them away in the end). A save that fails
    leaves none behind; where it is part of a longer transaction, ``forget`` is for whoever began that.
    """

    file = models.ImageField(
        upload_to="pictures/",
        unique=True,
        validators=[FileExtensionValidator(["jpg", "jpeg", "png", "webp", "avif"])],
        help_text="JPEG, PNG, WebP or AVIF; shown up to 1280 pixels wide. What the file says of place and camera is "
        "removed.",
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

    objects = NaturalKeyManager.from_queryset(PictureQuerySet)()

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

    @classmethod
    def discard_if_unused(cls, pressing):
        """Remove the files of an upload that no row names in the end, its transaction having been undone."""
        if not cls.objects.filter(file=pressing.name).exists():
            pressing.delete_files()

    def natural_key(self):
        """The file's name, as text: a file object cannot be written into a fixture."""
        return (self.file.name,)

    def file_names(self):
        """The names of all its files."""
        return picture_file_names(self.file.name, self.width) if self.file else []

    def rendition_widths(self):
        """The widths in which it is shown."""
        return rendition_widths(self.width)

    def rendition_url(self, width, ending):
        """The address of the file of one width and format (``avif``, ``webp``, ``jpg``)."""
        return default_storage.url(rendition_name(self.file.name, width, ending))

    def save(self, *args, **kwargs):
        """Press what was uploaded; ValidationError when it is no picture that can be shown."""
        changed = kwargs.get("update_fields")
        if not self.file or self.file._committed or (changed is not None and "file" not in changed):
            return super().save(*args, **kwargs)
        if changed is not None:
            kwargs["update_fields"] = {"width", "height", *changed}
        upload = self.file.file
        pressing = getattr(upload, "processed", None) or process_upload(upload)
        pressing.save_files()
        try:
            self.file, (self.width, self.height) = pressing.name, pressing.size
            super().save(*args, **kwargs)
        except BaseException:
            pressing.delete_files()
            self.file = upload
            raise
