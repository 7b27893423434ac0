"""Pictures: the upload with its credit, licence and focal point."""

from contextlib import suppress

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.utils.html import format_html, format_html_join

from catalog.admin.base import RecordAdmin, admin_link
from catalog.admin.forms import RecordForm
from catalog.models import Picture
from catalog.renditions import process_upload

CROPS = ("poster", "portrait", "still")  # the shapes on pages; see static/catalog/admin-picture.css


def processed_upload(upload):
    """The ProcessedUpload of an uploaded file, made once a request. Raises ValidationError for an unusable file.

    The model reads it from ``upload.processed`` and so does not process the file a second time.
    """
    if not hasattr(upload, "processing_error"):
        upload.processed, upload.processing_error = None, None
        try:
            upload.processed = process_upload(upload)
        except ValidationError as error:
            upload.processing_error = error
    if upload.processing_error:
        raise upload.processing_error
    return upload.processed


class UploadField(forms.FileField):
    """A file field that checks the content of the picture, not its name, whose length is not limited."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs | {"max_length": None})

    def widget_attrs(self, widget):
        return super().widget_attrs(widget) | {"accept": "image/jpeg,image/png,image/webp,image/avif"}

    def to_python(self, data):
        """The processed upload, named after its content."""
        upload = super().to_python(data)
        if upload:
            upload.name = processed_upload(upload).name.rpartition("/")[2]
        return upload


class PictureForm(RecordForm):
    """A form that reads the file only if it is replaced, so that texts can be corrected when a file is lost."""

    class Meta:
        field_classes = {"file": UploadField}

    def clean_file(self):
        """The upload. A second upload of the same file is an error, which links to the existing picture."""
        upload = self.cleaned_data["file"]
        processed = getattr(upload, "processed", None)
        duplicate = processed and Picture.objects.from_same_upload(processed).exclude(pk=self.instance.pk).first()
        if duplicate:
            text = format_html("This picture is in the catalogue already: {}.", admin_link(duplicate))
            raise ValidationError(text, code="duplicate")
        return upload

    def clean(self):
        if "file" not in self.changed_data:
            self.cleaned_data.pop("file", None)
        return super().clean()

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() | ({"file"} - set(self.changed_data))  # type: ignore[misc]


@admin.register(Picture)
class PictureAdmin(RecordAdmin):
    """Pictures."""

    form = PictureForm
    list_display = ("thumbnail", "alt_text", "size", "credit", "licence")
    list_display_links = ("alt_text",)
    list_filter = ("licence",)
    search_fields = ("alt_text", "caption", "credit", "file")
    readonly_fields = ("size", "crops")
    fieldsets = (
        (None, {"fields": ("file", "size", "alt_text", "caption")}),
        ("Rights", {"fields": ("credit", "licence")}),
        (
            "Focal point",
            {
                "fields": (("focal_x", "focal_y"), "crops"),
                "description": "Pages that crop the picture keep this point visible.",
            },
        ),
    )

    class Media:
        css = {"all": ["catalog/admin-picture.css"]}
        js = ["catalog/admin-picture.js"]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Process the upload before the transaction begins; delete its files if they were not saved.

        Processing takes seconds, and on SQLite all other writers would wait for the transaction.
        """
        upload = request.FILES.get("file") if request.method == "POST" and self.may_upload(request) else None
        if upload and upload.size:
            with suppress(ValidationError):  # the form reports it
                processed_upload(upload)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        finally:
            if processed := getattr(upload, "processed", None):
                self.discard_if_unused(processed)

    def may_upload(self, request):
        return self.has_add_permission(request) or self.has_change_permission(request)

    def discard_if_unused(self, processed):
        """Delete files that no picture uses. If the database does not answer, they stay."""
        try:
            Picture.discard_if_unused(processed)
        except DatabaseError:
            return

    @admin.display(description="size", ordering="width")
    def size(self, picture):
        return f"{picture.width} × {picture.height}" if picture.width else "–"

    @admin.display(description="picture", ordering="file")
    def thumbnail(self, picture):
        return self.image(picture, "admin-picture__thumbnail", loading="lazy")

    @admin.display(description="as pages crop it")
    def crops(self, picture):
        """The full picture, where a click sets the focal point, and its crops."""
        if not picture.width:
            return format_html('<div class="admin-picture">{}</div>', "")
        full = self.image(picture, "admin-picture__full")
        focus = f"fx-{round(picture.focal_x / 10)} fy-{round(picture.focal_y / 10)}"
        crops = [
            (self.image(picture, f"admin-picture__crop admin-picture__crop--{shape} {focus}"), shape) for shape in CROPS
        ]
        figures = format_html_join("", "<figure>{}<figcaption>{}</figcaption></figure>", crops)
        return format_html('<div class="admin-picture">{}{}</div>', full, figures)

    def image(self, picture, classes, **attributes):
        """An ``img`` of the smallest rendition."""
        if not picture.width:
            return "–"
        width = picture.rendition_widths()[0]
        height = max(1, round(width * picture.height / picture.width))
        more_attributes = format_html_join("", ' {}="{}"', attributes.items())
        return format_html(
            '<img class="{}" src="{}" width="{}" height="{}" alt=""{}>',
            *(classes, picture.rendition_url(width, "jpg"), width, height, more_attributes),
        )
