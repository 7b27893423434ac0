"""Reads ``requests.txt``: hostile requests with the status that each must get, and sends them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.tests.formats.sample_files import INVALID_FILES
from catalog.tests.hostile.pictures import PICTURES
from catalog.tests.hostile.source_files import SOURCE_FILES
from catalog.tests.hostile.workbooks import WORKBOOKS

REQUEST_LINE = re.compile(r"(?P<status>[0-9]{3}) (?P<method>[A-Z]+) (?P<address>\S+)")
HEADER = re.compile(r"    (?P<name>[A-Za-z-]+): (?P<value>.*)")
FIELD = re.compile(r"    (?P<name>\S+) = (?P<value>.*)")
ANSWER = re.compile(r"    > (?P<text>.*)")
BODY = re.compile(r"    <<< (?P<value>.*)")
REPEATED = re.compile(r"\{([^{}*]{1,40})\*([0-9]{1,7})\}")
FILE = re.compile(r"<(?P<kind>[a-z]+): (?P<name>.*)>")
FILES: dict[str, Callable[[str], bytes | str]] = {
    "workbook": lambda name: WORKBOOKS[name][0](),
    "spreadsheet": lambda name: INVALID_FILES[name][0],
    "picture": lambda name: PICTURES[name][0](),
    "source": lambda name: SOURCE_FILES[name][0](),
    "text": lambda text: text.encode().decode("unicode_escape").encode("latin-1"),
}


@dataclass
class HostileRequest:
    """One request: who sends it, and what it must get."""

    line: int
    user: str
    status: int
    method: str
    address: str
    headers: dict[str, str] = field(default_factory=dict)
    fields: dict[str, list[str]] = field(default_factory=dict)
    body: str | None = None
    answer: str = ""

    def __str__(self) -> str:
        return f"line {self.line}: {self.method} {self.address[:100]} as {self.user}"

    def send(self, client, keys: dict[str, int]):
        """The response. ``keys`` replace names such as ``<episode>`` in addresses and fields."""
        address = _fill_in(self.address, keys)
        headers = {name: _unescape(_fill_in(text, keys)) for name, text in self.headers.items()}
        content_type = headers.pop("Content-Type", "text/plain")
        if self.body is not None or self.method not in ("GET", "POST"):
            body = FILES["text"](_fill_in(self.body or "", keys))
            return client.generic(self.method, address, body, content_type, headers=headers)
        if self.method == "GET":
            return client.get(address, headers=headers)
        fields = {name: [_value(text, keys) for text in texts] for name, texts in self.fields.items()}
        return client.post(address, fields, headers=headers)


def read_requests() -> Iterator[HostileRequest]:
    """The requests of the file, in its order."""
    user, request = "", None
    for number, line in enumerate(Path(__file__).with_name("requests.txt").read_text(encoding="utf-8").split("\n"), 1):
        if line.startswith("as "):
            user = line.removeprefix("as ")
        elif match := REQUEST_LINE.fullmatch(line):
            if request:
                yield request
            request = HostileRequest(number, user, int(match["status"]), match["method"], match["address"])
        elif match := HEADER.fullmatch(line):
            request.headers[match["name"]] = match["value"]
        elif match := FIELD.fullmatch(line):
            request.fields.setdefault(match["name"], []).append(match["value"])
        elif match := ANSWER.fullmatch(line):
            request.answer = match["text"]
        elif match := BODY.fullmatch(line):
            request.body = match["value"]
        else:
            assert not line or line.startswith("#"), f"line {number} is no request: {line}"
    if request:
        yield request


def _fill_in(text: str, keys: dict[str, int]) -> str:
    """The text with keys of records, and with ``{x*100}`` as a hundred x."""
    for name, key in keys.items():
        text = text.replace(f"<{name}>", str(key))
    return REPEATED.sub(lambda match: match[1] * int(match[2]), text)


def _value(text: str, keys: dict[str, int]) -> str | SimpleUploadedFile:
    """The value of a field: a file for ``<kind: name>``."""
    if match := FILE.fullmatch(text):
        content = FILES[match["kind"]](match["name"])
        return SimpleUploadedFile(quote(match["name"])[:80], content.encode() if isinstance(content, str) else content)
    return _unescape(_fill_in(text, keys))


def _unescape(text: str) -> str:
    return text.encode("latin-1", "backslashreplace").decode("unicode_escape") if "\\" in text else text
