"""Pictures: uploaded once, with who made them and by what right they are shown."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.utils.html import format_html, format_html_join

from catalog.admin.base import RecordAdmin, admin_link
from catalog.admin.forms import RecordForm
from catalog.models import Picture
from catalog.renditions import process_upload

CROPS = ("poster", "portrait", "still")  # as pages cut a picture; static/catalog/admin-picture.css has their shapes


def pressed(upload):
    """The files made of an upload, made once a request; ValidationError when it is no good."""
    if not hasattr(upload, "outcome"):
        try:
            upload.processed = upload.outcome = process_upload(upload)
        except ValidationError as error:
            upload.outcome = error
    if isinstance(upload.outcome, ValidationError):
        raise upload.outcome
    return upload.outcome


class UploadField(forms.FileField):
    """A picture judged by what is in the file, whatever it is called and however long that name is."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs | {"max_length": None})

    def widget_attrs(self, widget):
        """What the window for choosing a file offers."""
        return super().widget_attrs(widget) | {"accept": "image/jpeg,image/png,image/webp,image/avif"}

    def to_python(self, data):
        """The upload, pressed, under the name of its copy."""
        upload = super().to_python(data)
        if upload:
            upload.name = pressed(upload).name.rpartition("/")[2]
        return upload


class PictureForm(RecordForm):
    """Leaves a file that was not replaced alone: what is said of a picture can be corrected when its file is lost."""

    class Meta:
        field_classes = {"file": UploadField}

    def clean_file(self):
        """The same file uploaded again is the same picture: one record holds what is said of it."""
        upload = self.cleaned_data["file"]
        pressing = getattr(upload, "processed", None)
        twin = pressing and Picture.objects.from_same_upload(pressing).exclude(pk=self.instance.pk).first()
        if twin:
            raise ValidationError(
                format_html("This picture is in the catalogue already: {}.", admin_link(twin)), code="twin"
            )
        return upload

    def clean(self):
        """Only a new file is measured."""
        if "file" not in self.changed_data:
            self.cleaned_data.pop("file", None)
        return super().clean()

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() | ({"file"} - set(self.changed_data))


@admin.register(Picture)
class PictureAdmin(RecordAdmin):
    """Pictures with their credit, licence and focal point."""

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
                "description": "Where pages cut the picture, this point stays to be seen.",
            },
        ),
    )

    class Media:
        css = {"all": ["catalog/admin-picture.css"]}
        js = ["catalog/admin-picture.js"]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Press what was uploaded before the transaction begins, and remove the files when it was undone.

        Pressing takes seconds, and on SQLite all other writers would wait for them.
        """
        upload = request.FILES.get("file") if request.method == "POST" and self.may_upload(request) else None
        if upload and upload.size:
            try:
                pressed(upload)
            except ValidationError:
                upload.processed = None  # the form tells
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        finally:
            if getattr(upload, "processed", None):
                self.forget(upload.processed)

    def may_upload(self, request):
        """Whether the editor may save pictures at all."""
        return self.has_add_permission(request) or self.has_change_permission(request)

    def forget(self, pressing):
        """Files without a row go; while the database does not answer, nobody knows, and they stay."""
        try:
            Picture.discard_if_unused(pressing)
        except DatabaseError:
            return

    @admin.display(description="size", ordering="width")
    def size(self, picture):
        """Width and height."""
        return f"{picture.width} × {picture.height}" if picture.width else "–"

    @admin.display(description="picture", ordering="file")
    def thumbnail(self, picture):
        """The picture, small."""
        return self.image(picture, "admin-picture__thumbnail", loading="lazy")

    @admin.display(description="as pages cut it")
    def crops(self, picture):
        """The whole picture, on which a click sets the focal point, and the shapes that pages cut it to."""
        whole = self.image(picture, "admin-picture__full") if picture.width else ""
        focus = f"fx-{round(picture.focal_x / 10)} fy-{round(picture.focal_y / 10)}"
        cut = [
            (self.image(picture, f"admin-picture__crop admin-picture__crop--{name} {focus}"), name) for name in CROPS
        ]
        shown = format_html_join("", "<figure>{}<figcaption>{}</figcaption></figure>", cut) if picture.width else ""
        return format_html('<div class="admin-picture">{}{}</div>', whole, shown)

    def image(self, picture, classes, **attributes):
        """An ``img`` of the smallest file."""
        if not picture.width:
            return "–"
        width = picture.rendition_widths()[0]
        height = max(1, round(width * picture.height / picture.width))
        more = format_html_join("", ' {}="{}"', attributes.items())
        return format_html(
            '<img class="{}" src="{}" width="{}" height="{}" alt=""{}>',
            *(classes, picture.rendition_url(width, "jpg"), width, height, more),
        )
