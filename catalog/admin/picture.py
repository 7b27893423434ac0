"""Pictures: uploaded once, with who made them and by what right they are shown."""

from django.contrib import admin

from catalog.admin.base import RecordAdmin
from catalog.admin.forms import RecordForm
from catalog.models import Picture


class PictureForm(RecordForm):
    """Leaves a file that was not replaced alone: what is said of a picture can be corrected when its file is lost."""

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
    list_display = ("alt_text", "file", "size", "credit", "licence")
    list_filter = ("licence",)
    search_fields = ("alt_text", "caption", "credit", "file")
    readonly_fields = ("size",)
    fieldsets = (
        (None, {"fields": ("file", "size", "alt_text", "caption")}),
        ("Rights", {"fields": ("credit", "licence")}),
        ("Focal point", {"fields": (("focal_x", "focal_y"),)}),
    )

    @admin.display(description="size", ordering="width")
    def size(self, picture):
        """Width and height."""
        return f"{picture.width} × {picture.height}" if picture.width else "–"
