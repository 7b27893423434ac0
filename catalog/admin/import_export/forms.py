"""The forms of import and export."""

from django import forms
from django.core.exceptions import ValidationError

from catalog.spreadsheet_files import FORMATS, MAX_FILE_SIZE
from catalog.spreadsheet_rows import MAX_ROWS, FileError


class UploadForm(forms.Form):
    """Upload of a spreadsheet. Once valid, ``content`` holds the bytes of the file and ``table`` its rows."""

    import_file = forms.FileField(
        label="File",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        help_text=f"CSV in UTF-8, or the first sheet of an XLSX file; at most {MAX_FILE_SIZE // 2**20} MB.",
    )

    max_rows = f"{MAX_ROWS:,}"

    def __init__(self, schema, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.schema = schema

    def clean_import_file(self):
        """Read the file; a FileError becomes an error of the field."""
        upload = self.cleaned_data["import_file"]
        if upload.size > MAX_FILE_SIZE:
            raise ValidationError(f"The file is larger than {MAX_FILE_SIZE // 2**20} MB: split it.")
        self.content = upload.read()
        try:
            self.table = self.schema.read(self.content)
        except FileError as error:
            raise ValidationError(str(error)) from error
        return upload


class ConfirmForm(forms.Form):
    """Confirms a dry run."""

    import_file_name = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Edit summary", max_length=300, required=False, help_text="Shown in the history of each record."
    )


class ExportForm(forms.Form):
    """The choice of a file format."""

    format = forms.ChoiceField(
        choices=[(str(number), file_format.title) for number, file_format in enumerate(FORMATS)],
        widget=forms.RadioSelect,
        initial="0",
    )

    def clean_format(self):
        """The ``SpreadsheetFormat``."""
        return FORMATS[int(self.cleaned_data["format"])]
