"""XLSX files of some kilobytes whose parts unpack to millions of elements, and the message that each must get."""

import io
import struct
import zipfile
from collections.abc import Callable

from catalog.tests.formats.sample_files import entity_bomb, to_xlsx, zip_bomb

NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
STRINGS_TYPE = (
    '<Override PartName="/xl/sharedStrings.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)
SHEET, STRINGS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
TOO_COMPLEX = "The workbook has too many cells or formats: save its first sheet as CSV, or split it."
UNREADABLE = "The file cannot be read as XLSX."


def workbook_with(part: str, content: str, compression: int = zipfile.ZIP_DEFLATED, encoding: str = "utf-8") -> bytes:
    """A workbook in which one part is replaced or added."""
    with zipfile.ZipFile(io.BytesIO(to_xlsx([["slug", "name"], ["a", "b"]]))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()} | {part: content.encode(encoding)}
    if part == STRINGS:
        types = parts["[Content_Types].xml"]
        parts["[Content_Types].xml"] = types.replace(b"</Types>", STRINGS_TYPE.encode())
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


def sheet_of(rows: str, start: str = "") -> bytes:
    """A workbook whose first sheet has these rows."""
    return workbook_with(SHEET, f"{start}<worksheet {NAMESPACE}><sheetData>{rows}</sheetData></worksheet>")


def many_parts() -> bytes:
    """A workbook with 2,000 empty parts."""
    stream = io.BytesIO(to_xlsx([["slug"], ["a"]]))
    with zipfile.ZipFile(stream, "a") as archive:
        for number in range(2_000):
            archive.writestr(f"xl/media/{number}.png", b"")
    return stream.getvalue()


def with_false_size() -> bytes:
    """A workbook with a part of 60 MB for which its directory states 100 bytes."""
    content = bytearray(workbook_with(STRINGS, f"<sst {NAMESPACE}>" + "<si><t>a</t></si>" * 4_000_000 + "</sst>"))
    entry = content.rindex(b"PK\x01\x02", 0, content.rindex(b"xl/sharedStrings.xml"))
    struct.pack_into("<L", content, entry + 24, 100)
    return bytes(content)


WORKBOOKS: dict[str, tuple[Callable[[], bytes], str]] = {  # name: (content, message)
    "2.5 million strings": (
        lambda: workbook_with(STRINGS, f"<sst {NAMESPACE}>" + "<si><t>a</t></si>" * 2_500_000 + "</sst>"),
        TOO_COMPLEX,
    ),
    "700,000 formats": (
        lambda: workbook_with(STYLES, f"<styleSheet {NAMESPACE}><cellXfs>{'<xf/>' * 700_000}</cellXfs></styleSheet>"),
        TOO_COMPLEX,
    ),
    "600,000 empty rows": (lambda: sheet_of("<row/>" * 600_000), TOO_COMPLEX),
    "3 million empty rows": (lambda: sheet_of("<row/>" * 3_000_000), TOO_COMPLEX),
    "1 million cells": (lambda: sheet_of(f"<row>{'<c/>' * 1_000}</row>" * 1_000), TOO_COMPLEX),
    "1 million nested rows": (lambda: sheet_of("<row>" * 1_000_000), TOO_COMPLEX),
    "rows in UTF-16": (
        lambda: workbook_with(SHEET, "<worksheet>" + "<row/>" * 600_000 + "</worksheet>", encoding="utf-16"),
        TOO_COMPLEX,
    ),
    "100,000 sheets": (
        lambda: workbook_with("xl/workbook.xml", f"<workbook {NAMESPACE}>{'<sheet/>' * 100_000}</workbook>"),
        TOO_COMPLEX,
    ),
    "100,000 relationships": (
        lambda: workbook_with("xl/_rels/workbook.xml.rels", "<R>" + "<Relationship/>" * 100_000 + "</R>"),
        TOO_COMPLEX,
    ),
    "100,000 content types": (
        lambda: workbook_with("[Content_Types].xml", "<Types>" + "<Override/>" * 100_000 + "</Types>"),
        TOO_COMPLEX,
    ),
    "100,000 properties": (
        lambda: workbook_with("docProps/core.xml", "<p>" + "<x/>" * 100_000 + "</p>"),
        TOO_COMPLEX,
    ),
    "2,000 parts": (many_parts, TOO_COMPLEX),
    "a part of 60 MB": (zip_bomb, "Unpacked, the file is larger than 50 MB: split it."),
    "a part of 60 MB that states 100 bytes": (with_false_size, UNREADABLE),
    "parts compressed by LZMA": (
        lambda: workbook_with("xl/a.xml", "<a/>", compression=zipfile.ZIP_LZMA),
        UNREADABLE,
    ),
    "nested entities": (entity_bomb, UNREADABLE),
    "an external entity": (
        lambda: sheet_of(
            '<row><c t="inlineStr"><is><t>&e;</t></is></c></row>',
            '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hosts">]>',
        ),
        UNREADABLE,
    ),
    "nested elements": (lambda: sheet_of("<row>" * 200_000), UNREADABLE),
    "a row without an end": (lambda: sheet_of('<row r="1">'), UNREADABLE),
    "a cell beyond the sheet": (lambda: sheet_of('<row><c r="ZZZZZ1"><v>1</v></c></row>'), UNREADABLE),
    "a text that is missing": (lambda: sheet_of('<row><c t="s"><v>99999999</v></c></row>'), UNREADABLE),
    "no number": (lambda: sheet_of("<row><c><v>moon</v></c></row>"), UNREADABLE),
}
