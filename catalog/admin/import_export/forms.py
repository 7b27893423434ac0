"""The forms of import and export. A file's format is seen from what is in it; what is wrong with it is told here."""

from django import forms
from django.core.exceptions import ValidationError
from import_export.forms import ConfirmImportForm, ExportForm, ImportForm

from catalog.formats.spreadsheet_files import MAX_FILE_SIZE, FileError, format_of


class UploadForm(ImportForm):
    """A file to be tried."""

    def __init__(self, formats, resources, **kwargs):
        super().__init__(formats, resources, **kwargs)
        self.formats, self.resources = formats, resources
        self.fields["format"].widget, self.fields["format"].required = forms.HiddenInput(), False
        upload = self.fields["import_file"]
        upload.label, upload.widget.attrs = "File", {"accept": ".csv,.xlsx"}
        upload.help_text = f"CSV in UTF-8, or the first sheet of an XLSX; at most {MAX_FILE_SIZE // 2**20} MB."

    @property
    def media(self):
        """No script: the format is not asked for."""
        return forms.Media()

    def clean_import_file(self):
        """Read it once, to tell here what is wrong with it."""
        upload = self.cleaned_data["import_file"]
        if upload.size > MAX_FILE_SIZE:
            raise ValidationError(f"The file is larger than {MAX_FILE_SIZE // 2**20} MB: divide it.")
        content = upload.read()
        upload.seek(0)
        try:
            dataset = format_of(content)().create_dataset(content)
            self.resources[0].judge_headers(dataset.headers)
        except FileError as error:
            raise ValidationError(str(error)) from error
        self.found = format_of(content)
        return upload

    def clean(self):
        """The format, as the library asks for it: by its place."""
        if hasattr(self, "found"):
            self.cleaned_data["format"] = str(self.formats.index(self.found))
        return self.cleaned_data


class ConfirmForm(ConfirmImportForm):
    """What has been tried, to be written."""

    reason = forms.CharField(
        label="Why", max_length=300, required=False, help_text="Stands in the history of each record."
    )


class DownloadForm(ExportForm):
    """In which format."""

    def __init__(self, formats, resources, **kwargs):
        super().__init__(formats, resources, **kwargs)
        field = self.fields["format"]
        field.choices = [choice for choice in field.choices if choice[0]]
        field.widget = forms.RadioSelect(choices=field.choices)
        field.initial = "0"
