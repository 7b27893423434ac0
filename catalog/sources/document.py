"""A source's file: decoded and parsed at most once, with limits. Refusals are ``SourceError``."""

import codecs
import html
import json
import re
from functools import cached_property

from catalog.sources.series_claims import SourceError
from catalog.text import remove_invisible

MAX_BYTES = 5_000_000
MAX_TEXT_LENGTH = 4_000  # of a name, title or other single value
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins like UTF-16 LE, so it is first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,80}?encoding=["']([A-Za-z0-9._-]{1,40})["']""")
XML_ENCODINGS = {"utf-8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252"}
COMPRESSED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"Rar!", b"7z\xbc\xaf")
JSON_START = re.compile(r'\s*(?:\{\s*["}]|\[\s*[{\]])')
TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Document:
    """The bytes or text of one file."""

    def __init__(self, data: bytes | str) -> None:
        self.data = data

    @cached_property
    def text(self) -> str:
        """The decoded text."""
        if len(self.data) > MAX_BYTES:
            raise SourceError(f"The file is larger than {MAX_BYTES // 1_000_000} MB.")
        return self.data.removeprefix("\ufeff") if isinstance(self.data, str) else _decode(self.data)

    @property
    def is_json(self) -> bool:
        """True if the text begins like an object or a list of objects in JSON, unlike wikitext."""
        return bool(JSON_START.match(self.text))

    @cached_property
    def json(self) -> object:
        """The value of a JSON text."""
        try:
            return json.loads(self.text, parse_constant=_refuse_constant)
        except RecursionError as error:
            raise SourceError("The file has too many lists within lists to be read.") from error
        except json.JSONDecodeError as error:
            if error.pos >= len(self.text.rstrip()):
                raise SourceError("The JSON file ends too early: download it again.") from error
            raise SourceError(f"The file is not valid JSON: see line {error.lineno}, column {error.colno}.") from error
        except ValueError as error:  # a number of too many digits
            raise SourceError("The JSON file has a number that cannot be read.") from error


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not a number")


def _decode(data: bytes) -> str:
    if data.startswith(COMPRESSED):
        raise SourceError("The file is compressed: unpack it first.")
    encoding = next((encoding for mark, encoding in BYTE_ORDER_MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-8" and (b"\x00" in data or data.startswith(b"%PDF")):
            raise SourceError("The file is not a text but a picture or another binary file.") from error
        declared = XML_ENCODING.match(data)
        name = declared[1].decode("ascii").casefold() if declared else ""
        if name not in XML_ENCODINGS - {"utf-8"}:
            raise SourceError(f"The file is not {encoding.upper()} text: save it in that encoding.") from error
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise SourceError(f"The file says that it is {name}, but it is not.") from error


def plain_text(value: str) -> str:
    """A single value in one line, without HTML tags and entities and without characters that nobody sees."""
    text = html.unescape(value[:MAX_TEXT_LENGTH])
    text = remove_invisible(UNSTORABLE.sub("", text))
    return " ".join((TAG.sub("", text).strip() or text).split())
