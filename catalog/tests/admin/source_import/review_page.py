"""The pages of an import as an editor uses them: begun with files, its forms read, changed and submitted."""

import html
import re

import lxml.html
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalog.models import SourceImport
from catalog.tests.admin.source_import.samples import article, database_json

ADD_URL = "/admin/catalog/sourceimport/add/"


def upload(name, content):
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def sample_files():
    """The two files about the series of the samples."""
    return [upload("Lamplight Row.wikitext", article()), upload("lamplight-row.json", database_json())]


def begin_import(client, *files, **fields):
    """Send files and fields, and return the pages of the import that they begin."""
    response = client.post(ADD_URL, {"documents": list(files), **fields})
    assert response.status_code == 302, response.content.decode()
    return ImportPages(client, int(re.search(r"/(\d+)/change/", response["Location"])[1]))


class ImportPages:
    """The review of one import; ``page`` is the page that is open."""

    def __init__(self, client, pk, **address):
        self.client, self.pk = client, pk
        self.open(**address)

    @property
    def source_import(self):
        """The stored import."""
        return SourceImport.objects.get(pk=self.pk)

    def url(self, **address):
        """The address of a page: ``page`` and ``view``."""
        return reverse("admin:catalog_sourceimport_change", args=[self.pk], query=address)

    def open(self, **address):
        """Open a page."""
        self.address = self.url(**address)
        return self._show(self.client.get(self.address))

    def _show(self, response):
        assert response.status_code == 200
        self.text = response.content.decode()
        self.document = lxml.html.document_fromstring(self.text)
        return self

    @property
    def form(self):
        """The values of the form as they would be submitted."""
        values = {}
        for name, value in self.document.get_element_by_id("review_form").form_values():
            values.setdefault(name, []).append(value)
        return values

    def press(self, button, *, tick=(), untick=(), **fields):
        """Tick and untick values by their words in the open page, and press a button by its value."""
        boxes = {self.words(box): box.get("value") for box in self.document.cssselect("input[name=take]")}
        data = self.form | fields
        ticks = set(data.get("take", ())) | {boxes[words] for words in tick}
        data["take"] = sorted(ticks - {boxes[words] for words in untick})
        response = self.client.post(self.address, data | {"do": button})
        if response.status_code == 302:
            self.address = response["Location"]
            response = self.client.get(self.address.partition("#")[0])
        return self._show(response)

    def words(self, box):
        """What a box is for: “S01E07 director: Ann (TVmaze)”."""
        row, cell = box.xpath("ancestor::tr")[0], box.xpath("ancestor::td")[0]
        record = box.xpath("ancestor::section/h3/text()")[0].strip()
        fact = row.find("th").text.strip()
        return f"{record} {fact.lower()}: {box.getparent().text_content().strip()} ({cell.get('data-label')})"

    def ticked(self):
        """The words of the ticked boxes."""
        return [self.words(box) for box in self.document.cssselect("input[name=take][checked]")]

    def row(self, record, fact):
        """The texts of a row: fact, recorded, and what each source states."""
        for section in self.document.cssselect("section.import-record"):
            if section.find("h3").text.strip() == record:
                for row in section.cssselect("tbody tr"):
                    if row.find("th").text.strip() == fact:
                        return [" ".join(cell.text_content().split()) for cell in row]
        raise LookupError(f"{record}: {fact}")

    def messages(self):
        """The messages, without tags."""
        return [" ".join(item.text_content().split()) for item in self.document.cssselect(".messagelist li")]

    def errors(self):
        """The errors of the page."""
        return [html.unescape(item.text_content().strip()) for item in self.document.cssselect(".errornote")]

    def records(self):
        """The headings of the tables on the page, by the key of the record: “s01e07”."""
        headings = [section.find("h3").text.strip() for section in self.document.cssselect("section.import-record")]
        return {heading.partition(" ")[0]: heading for heading in headings}
