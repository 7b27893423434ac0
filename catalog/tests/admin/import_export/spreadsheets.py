"""Lists as files: exported from the desk, changed, imported again."""

import csv
import io
import re

import lxml.html
import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.tests.admin.admin_forms import admin_url


def export(client, model, form=0, narrowed=""):
    """The bytes of a list's file; ``form`` 0 is CSV, 1 XLSX."""
    response = client.post(admin_url(model, "export") + narrowed, {"format": form, "resource": 0})
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"], re.findall(r'errornote">([^<]*)', response.content.decode())
    return response.content


def read_csv(content):
    """The rows of a CSV as dicts."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def as_csv(rows, encoding="utf-8"):
    """Rows (dicts) as the bytes of a CSV."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode(encoding)


def as_xlsx(rows):
    """Lists as the bytes of a workbook."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def upload_for_dry_run(client, model, content, name="list.csv"):
    """The page of a dry run."""
    if isinstance(content, list):
        content = as_csv(content)
    response = client.post(
        admin_url(model, "import"), {"import_file": SimpleUploadedFile(name, content), "resource": 0}
    )
    assert response.status_code == 200
    return ImportPage(client, model, response)


class ImportPage:
    """What a page says after an upload."""

    def __init__(self, client, model, response):
        self.client, self.model, self.response = client, model, response
        self.page = lxml.html.document_fromstring(response.content.decode())

    @property
    def errors(self):
        """What is wrong with the file as a whole."""
        return [item.text_content() for item in self.page.cssselect("form .errorlist li")]

    @property
    def told(self):
        """{row: what is wrong with it}."""
        return {number: words for number, row in self._rows() if (words := self._texts(row, ".errorlist li"))}

    @property
    def meanwhile(self):
        """{row: what happened to it}."""
        return {number: words for number, row in self._rows() if (words := self._texts(row, ".errornote"))}

    @property
    def changes(self):
        """{row: {column: (old, new)}}; of a new record (None, new)."""
        return {
            number: {
                line.cssselect("dt")[0].text_content(): tuple(
                    found[0].text_content() if (found := line.cssselect(mark)) else None for mark in ("del", "ins")
                )
                for line in row.cssselect("dl > div")
            }
            for number, row in self._rows()
        }

    def _rows(self):
        return [(int(row.get("data-row")), row) for row in self.page.cssselect("[data-row]")]

    @staticmethod
    def _texts(row, selector):
        return [item.text_content() for item in row.cssselect(selector)]

    @property
    def offers(self):
        """Whether it can be written."""
        return bool(self.page.cssselect("form input[name=confirm]"))

    def confirm(self, **fields):
        """Write it: the answer, followed."""
        form = next(form for form in self.page.forms if "import_file_name" in form.fields)
        response = self.client.post(form.action, dict(form.form_values()) | fields, follow=True)
        assert response.status_code == 200
        return ImportPage(self.client, self.model, response)

    @property
    def messages(self):
        """What is said above the page."""
        return [item.text_content() for item in self.page.cssselect(".messagelist li")]
