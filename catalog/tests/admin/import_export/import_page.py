"""Page objects of import and export."""

import re

import lxml.html
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.tests.admin.admin_forms import admin_url
from catalog.tests.formats.sample_files import to_csv

CSV, XLSX = "0", "1"  # values of the export form


def export_file(client, model, file_format=CSV, query=""):
    """The content of the file exported for a changelist with the filters of ``query``."""
    response = client.post(admin_url(model, "export") + query, {"format": file_format})
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"], re.findall(r'errornote">([^<]*)', response.content.decode())
    return response.content


def upload_for_dry_run(client, model, content, name="list.csv"):
    """Upload a file (or dicts, as CSV); the page with its dry run."""
    if isinstance(content, list):
        content = to_csv(content)
    response = client.post(admin_url(model, "import"), {"import_file": SimpleUploadedFile(name, content)})
    assert response.status_code == 200
    return ImportPage(client, response)


class ImportPage:
    """The page after an upload or a confirmed import."""

    def __init__(self, client, response):
        self.client, self.response = client, response
        self.page = lxml.html.document_fromstring(response.content.decode())

    @property
    def file_errors(self):
        """The errors of the uploaded file."""
        return self._texts(self.page, "form .errorlist li")

    @property
    def row_errors(self):
        """{row number: errors}."""
        return {number: texts for number, row in self._rows() if (texts := self._texts(row, ".errorlist li"))}

    @property
    def stale_messages(self):
        """{row number: messages about changes since the dry run}."""
        return {number: texts for number, row in self._rows() if (texts := self._texts(row, ".errornote"))}

    @property
    def changes(self):
        """{row number: {column: (before, after)}}; before is None for a new record."""
        return {
            number: {
                change.cssselect("dt")[0].text_content(): (
                    next(iter(self._texts(change, "del")), None),
                    next(iter(self._texts(change, "ins")), None),
                )
                for change in row.cssselect("dl > div")
            }
            for number, row in self._rows()
        }

    def _rows(self):
        return [(int(row.get("data-row")), row) for row in self.page.cssselect("[data-row]")]

    @staticmethod
    def _texts(element, selector):
        return [item.text_content() for item in element.cssselect(selector)]

    @property
    def messages(self):
        """The messages above the page."""
        return self._texts(self.page, ".messagelist li")

    @property
    def can_confirm(self):
        """True if the dry run can be confirmed."""
        return bool(self.page.cssselect("form input[name=confirm]"))

    @property
    def confirm_data(self):
        """The values of the form that confirms the dry run."""
        return dict(self._confirm_form().form_values())

    def _confirm_form(self):
        return next(form for form in self.page.forms if "import_file_name" in form.fields)

    def confirm(self, **fields):
        """Confirm the dry run; the page that follows."""
        response = self.client.post(self._confirm_form().action, self.confirm_data | fields, follow=True)
        assert response.status_code == 200
        return ImportPage(self.client, response)
