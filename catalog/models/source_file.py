"""Files from which facts were read, kept as they came."""

import hashlib
import zlib
from datetime import date

from django.db import models

from catalog.models.bounds import REGULAR, web_address_check
from catalog.models.source import Source

MAX_KEPT_SIZE = 20_000_000  # bytes; of a larger file only the hash is kept


class SourceFile(models.Model):
    """A file that was read for an import: its bytes, compressed, and their SHA-256. Two equal files are one row.

    Visitors never see it: it may hold texts that must not be published. It is no record of the catalogue, so the
    change log leaves it out.
    """

    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.SET_NULL, related_name="files")
    kind = models.CharField(max_length=20)  # of the reader, a key of ``catalog.sources.readers.READERS``
    file_name = models.CharField(max_length=200, blank=True)
    url = models.URLField("address", max_length=500, blank=True)
    revision = models.CharField(max_length=60, blank=True)
    retrieved = models.DateField(default=date.today)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField("bytes", validators=REGULAR)
    compressed = models.BinaryField(blank=True)

    label_relations = ()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            web_address_check("url", "source_file_url_is_a_web_address"),
            models.UniqueConstraint(
                fields=["sha256"],
                name="one_row_of_a_source_file",
                violation_error_message="This file is kept already.",
            ),
        ]

    def __str__(self):
        return self.file_name or self.url or f"Text {self.sha256[:6]}"

    @classmethod
    def of(cls, kind: str, content: bytes, **values) -> "SourceFile":
        """A file that is not stored yet. ``values`` are other fields, such as ``url``."""
        compressed = zlib.compress(content) if len(content) <= MAX_KEPT_SIZE else b""
        digest = hashlib.sha256(content).hexdigest()
        return cls(kind=kind, sha256=digest, size=len(content), compressed=compressed, **values)

    def stored(self) -> "SourceFile":
        """The row of an equal file if there is one, else of this one."""
        values = {field.attname: getattr(self, field.attname) for field in self._meta.fields}
        values = {name: value for name, value in values.items() if name not in ("id", "sha256")}
        return SourceFile.objects.get_or_create(sha256=self.sha256, defaults=values)[0]

    @classmethod
    def keep(cls, kind: str, content: bytes, **values) -> "SourceFile":
        """The row of a file, which is stored unless an equal one is. ``values`` are other fields, such as ``url``."""
        return cls.of(kind, content, **values).stored()

    @property
    def content(self) -> bytes:
        """The bytes of the file; none if it was too large to be kept."""
        return zlib.decompress(self.compressed) if self.compressed else b""
