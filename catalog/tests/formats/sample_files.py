"""Contents of CSV and XLSX files, valid and hostile."""

import csv
import io
import zipfile
from itertools import pairwise

import openpyxl


def to_csv(rows, encoding="utf-8"):
    """Dicts as the content of a CSV file."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode(encoding)


def from_csv(content):
    """The rows of a CSV file as dicts."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def to_xlsx(rows):
    """Lists as the content of an XLSX file."""
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def formatted_xlsx(rows, last_row=None):
    """An XLSX file with the header ``a``, 1 below it, 2 below ``rows``, and formatting without values between."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet["A1"], sheet["A2"], sheet[f"A{rows + 1}"] = "a", "1", "2"
    for row in range(3, rows + 1):
        sheet.cell(row, 1).font = sheet.cell(row, 3).font = openpyxl.styles.Font(bold=True)
    if last_row:
        sheet.cell(last_row, 1).font = openpyxl.styles.Font(bold=True)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def zip_archive(**parts):
    """A zip archive; ``__`` in the name of a part stands for a slash."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def zip_bomb():
    """An XLSX file with a part that unpacks to 60 MB."""
    stream = io.BytesIO(to_xlsx([["slug", "name"], ["a", "b"]]))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b" " * (60 * 2**20))
    return stream.getvalue()


def entity_bomb():
    """An XLSX file whose sheet has nested XML entities (“billion laughs”)."""
    names = [f"e{number}" for number in range(12)]
    entities = "".join(f'<!ENTITY {name} "{f"&{previous};" * 10}">' for previous, name in pairwise(names))
    source, target = io.BytesIO(to_xlsx([["slug", "name"], ["a", "b"]])), io.BytesIO()
    with zipfile.ZipFile(source) as reader, zipfile.ZipFile(target, "w") as writer:
        for part in reader.infolist():
            content = reader.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                content = content.replace(b"<t>b</t>", b"<t>&e11;</t>")
                content = f'<!DOCTYPE x [<!ENTITY e0 "ha">{entities}]>'.encode() + content
            writer.writestr(part, content)
    return target.getvalue()


INVALID_FILES = {  # name: (content, beginning of the message)
    "blank": (b"\n\n", "The first row must name the columns, but it is empty."),
    "header only": (b"slug,name\n", "There are no rows below the column names."),
    "blank rows": (b"slug,name\n,\n,\n", "There are no rows below the column names."),
    "latin-1": ("slug,name\na,Jos\xe9\n".encode("latin-1"), "The file is not in UTF-8: save it as “CSV UTF-8”."),
    "utf-16": ("slug,name\na,b\n".encode("utf-16"), "The file is not in UTF-8: save it as “CSV UTF-8”."),
    "nul": (b"slug,name\na,b\x00\n", "The file is neither CSV nor XLSX."),
    "binary": (bytes(range(256)) * 9, "The file is not in UTF-8: save it as “CSV UTF-8”."),
    "broken archive": (b"PK\x03\x04" + b"x" * 99, "The file cannot be read as XLSX."),
    "other archive": (zip_archive(a="b"), "The file cannot be read as XLSX."),
    "empty parts": (
        zip_archive(**{"[Content_Types].xml": "", "xl__workbook.xml": ""}),
        "The file cannot be read as XLSX.",
    ),
    "zip bomb": (zip_bomb(), "Unpacked, the file is larger than 50 MB: split it."),
    "entity bomb": (entity_bomb(), "The file cannot be read as XLSX."),
    "short row": (b"slug,name\na\n", "Row 2 has 1 cell, but the header has 2 columns: the file may be incomplete."),
    "long row": (b"slug,name\na,b,c\n", "Row 2 has 3 cells, but the header has 2 columns: the file may be incomplete."),
    "too many rows": (b"slug,name\n" + b"a,b\n" * 5001, "At most 5,000 rows can be imported at once: split the file."),
    "too many columns": (",".join(map(str, range(101))).encode() + b"\n1\n", "There are more than 100 columns."),
    "long cell": (b"slug,name\na," + b"b" * 200_000 + b"\n", "The file cannot be read as CSV: field larger than"),
}
