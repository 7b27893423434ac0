"""Pictures of records: stills, posters, portraits, logos."""

from django.core.files.storage import default_storage
from django.core.validators import FileExtensionValidator, MaxValueValidator, MinValueValidator
from django.db import models

from catalog.models.base import NaturalKey, NaturalKeyManager
from catalog.models.bounds import REGULAR
from catalog.renditions import (
    ProcessedUpload,
    name_prefix,
    picture_file_names,
    process_upload,
    rendition_name,
    rendition_widths,
)


class PictureQuerySet(models.QuerySet):
    """Selects pictures."""

    def from_same_upload(self, upload: ProcessedUpload):
        """Pictures for which the same file was uploaded."""
        return self.filter(file__startswith=name_prefix(upload.digest))


class Picture(NaturalKey):
    """An uploaded picture with its alternative text, credit and licence. The focal point is given in percent.

    Files are written before the row, so that every row that can be read has its files. They remain when the picture is
    deleted or gets another file, so that both can be undone; ``history.file_cleanup`` deletes them later. A save that
    fails deletes its files. If a transaction around ``save`` can be rolled back, call ``discard_if_unused`` after it.
    """

    file = models.ImageField(
        upload_to="pictures/",
        unique=True,
        validators=[FileExtensionValidator(["jpg", "jpeg", "png", "webp", "avif"])],
        help_text="JPEG, PNG, WebP or AVIF; shown up to 1280 pixels wide. What the file says of place and camera is "
        "removed.",
    )
    width = models.PositiveIntegerField(editable=False, default=0, validators=REGULAR)
    height = models.PositiveIntegerField(editable=False, default=0, validators=REGULAR)
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
    def discard_if_unused(cls, upload: ProcessedUpload) -> None:
        """Delete the files of an upload if no picture has them, because its transaction was rolled back."""
        if not cls.objects.filter(file=upload.name).exists():
            upload.delete_files()

    def natural_key(self):
        """The file's name as text, since a fixture cannot contain a file object."""
        return (self.file.name,)

    def file_names(self) -> list[str]:
        """The names of all files below MEDIA_ROOT: the stored copy and its renditions."""
        return picture_file_names(self.file.name, self.width) if self.file.name else []

    def rendition_widths(self) -> list[int]:
        """The widths of its renditions, in pixels."""
        return rendition_widths(self.width)

    def rendition_url(self, width: int, ending: str) -> str:
        """The URL of the rendition of that width and format (``avif``, ``webp``, ``jpg``)."""
        return default_storage.url(rendition_name(str(self.file.name), width, ending))

    def save(self, *args, **kwargs):
        """Process a new upload, write its files and save the row.

        Raises ValidationError if the upload is not a picture that can be shown.
        """
        update_fields = kwargs.get("update_fields")
        is_uploaded = bool(self.file) and not self.file._committed  # type: ignore[attr-defined]
        if not is_uploaded or (update_fields is not None and "file" not in update_fields):
            return super().save(*args, **kwargs)
        if update_fields is not None:
            kwargs["update_fields"] = {"width", "height", *update_fields}
        file = self.file.file
        upload = getattr(file, "processed", None) or process_upload(file)
        upload.save_files()
        try:
            self.file, (self.width, self.height) = upload.name, upload.size
            super().save(*args, **kwargs)
        except BaseException:
            upload.delete_files()
            self.file = file
            raise
