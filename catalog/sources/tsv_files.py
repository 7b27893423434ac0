"""Read tab-separated files of any size in blocks: memory stays flat, and gzip bombs and endless lines are refused."""

import gzip
import io
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from catalog.sources.document import Document
from catalog.sources.series_claims import SourceError

BLOCK_SIZE = 1 << 18  # bytes
MAX_LINE = 1 << 20  # bytes; the longest lines of IMDb have some thousand
MAX_COLUMNS = 100
MAX_RATIO = 60  # unpacked to packed; IMDb's files have 3 to 7, a bomb has 1,000
FREE_SIZE = 4 << 20  # bytes that a packed file of any size may unpack to
GZIP_MARK = b"\x1f\x8b"
NULL = r"\N"
File = Path | bytes | str  # a path, or the content of a small file
Row = dict[str, str]


class TsvFile:
    """A tab-separated file with a header, gzipped or not. Quotation marks are letters like others."""

    def __init__(self, file: File) -> None:
        self.name = file.name if isinstance(file, Path) else "The file"
        self.file = file.encode("utf-8", "replace") if isinstance(file, str) else file
        with self._lines() as lines:
            header = self._decode(next(lines, b"").removeprefix(b"\xef\xbb\xbf"))
        self.columns = header.split("\t")
        if len(self.columns) > MAX_COLUMNS:
            raise SourceError(f"{self.name} has more than {MAX_COLUMNS} columns.")

    def read_lines(self, column: str) -> Iterator[tuple[bytes, bytes]]:
        """Yield (cell of ``column``, line) for the lines below the header."""
        index = self.columns.index(column)
        with self._lines() as lines:
            next(lines, None)
            for line in lines:
                cells = line.split(b"\t", index + 1)
                if len(cells) > index:
                    yield cells[index], line

    def read_rows(self, column: str, keys: Collection[bytes]) -> Iterator[Row]:
        """Yield the rows whose ``column`` is one of ``keys``."""
        return (self.parse(line) for key, line in self.read_lines(column) if key in keys)

    def read_blocks(self, start: int = 0) -> Iterator[str]:
        """Yield the text below the header in blocks of whole lines, from line ``start`` on.

        Splitting and decoding whole blocks takes a fifth of the time of single lines. Line ends are line feeds.
        """
        skipped = start + 1
        with self._opened() as blocks:
            for block in blocks:
                if skipped:
                    line_count = block.count(b"\n") + 1
                    if skipped >= line_count:
                        skipped -= line_count
                        continue
                    block = block.split(b"\n", skipped)[skipped]
                    skipped = 0
                yield self._decode(block).replace("\r\n", "\n").removesuffix("\r")

    def parse(self, line: bytes) -> Row:
        r"""A line's cells by column, empty for ``\N`` and for those that a short line lacks."""
        cells = ["" if cell == NULL else cell for cell in self._decode(line).split("\t")]
        return dict.fromkeys(self.columns, "") | dict(zip(self.columns, cells, strict=False))

    def _decode(self, line: bytes) -> str:
        try:
            return line.decode()
        except UnicodeDecodeError as error:
            raise SourceError(f"{self.name} is not UTF-8 text: download it again.") from error

    @contextmanager
    def _lines(self) -> Iterator[Iterator[bytes]]:
        """The lines; errors of the file and its compression are ``SourceError``."""
        with self._opened() as blocks:
            yield (line.rstrip(b"\r") for block in blocks for line in block.split(b"\n"))

    @contextmanager
    def _opened(self) -> Iterator[Iterator[bytes]]:
        """Blocks of whole lines, without the last line end; errors of the file are ``SourceError``."""
        try:
            with io.BytesIO(self.file) if isinstance(self.file, bytes) else self.file.open("rb") as packed:
                is_packed = packed.read(2) == GZIP_MARK
                packed.seek(0)
                yield self._split_blocks(packed, is_packed)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise SourceError(f"{self.name} is damaged or ends too early: download it again.") from error
        except OSError as error:
            raise SourceError(f"{self.name} cannot be read: {error.strerror or error}.") from error

    def _split_blocks(self, packed: IO[bytes], is_packed: bool) -> Iterator[bytes]:
        stream: IO[bytes] | gzip.GzipFile = gzip.GzipFile(fileobj=packed) if is_packed else packed
        unpacked_size, rest = 0, b""
        while block := stream.read(BLOCK_SIZE):
            unpacked_size += len(block)
            if is_packed and unpacked_size > FREE_SIZE + MAX_RATIO * packed.tell():
                raise SourceError(f"{self.name} unpacks to more than {MAX_RATIO} times its size, so it is not read.")
            lines, line_end, rest = (rest + block).rpartition(b"\n")
            if len(rest) > MAX_LINE:
                raise SourceError(f"{self.name} has a line of more than {MAX_LINE >> 20} MB, so it is no table.")
            if line_end:
                yield lines
        if rest:
            yield rest


def first_line(document: Document) -> str:
    """The first line of a document, unpacked if it is gzipped; empty if it has none that can be read."""
    data = document.data
    head = data[:BLOCK_SIZE].encode("utf-8", "replace") if isinstance(data, str) else data[:BLOCK_SIZE]
    if head.startswith(GZIP_MARK):
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, BLOCK_SIZE)
        except zlib.error:
            return ""
    return head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].rstrip(b"\r").decode("utf-8", "replace")
