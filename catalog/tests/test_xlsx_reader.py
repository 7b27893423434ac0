"""Hostile workbooks get one line in a second, and the process that reads them stays small."""

import time
from pathlib import Path

import pytest

from catalog import limited_process, xlsx_reader
from catalog.limited_process import BusyError, call_in_new_process
from catalog.spreadsheet_rows import FileError, Formula
from catalog.tests.formats.sample_files import to_xlsx
from catalog.tests.hostile.workbooks import TOO_COMPLEX, WORKBOOKS, sheet_of
from catalog.xlsx_reader import read_first_sheet, read_workbook


def measure_refusal(content):
    """(message, processor seconds, megabytes) of reading a file in this process."""
    read_first_sheet(to_xlsx([["a"]]))  # imports
    start, message = time.process_time(), "It was read."
    try:
        read_first_sheet(content)
    except FileError as error:
        message = str(error)
    seconds = time.process_time() - start
    status = Path("/proc/self/status").read_text(encoding="ascii")  # ru_maxrss counts the parent's memory too
    return message, seconds, int(status.partition("VmHWM:")[2].split()[0]) / 1024


@pytest.mark.parametrize("case", WORKBOOKS)
def test_a_hostile_workbook_is_refused_in_a_second_and_200_megabytes(case):
    create, message = WORKBOOKS[case]
    limits = (20, xlsx_reader.MAX_MEMORY, FileError)
    refusal, seconds, megabytes = call_in_new_process(measure_refusal, (create(),), *limits)
    assert refusal == message
    assert seconds < 1, f"{seconds:.1f} s"
    assert megabytes < 200, f"{megabytes:.0f} MB"


def test_a_workbook_is_read_in_a_process(new_processes):
    rows = read_workbook(to_xlsx([["a", "b"], ["1", None], [], ["=A1", 2.5]]))
    assert [(number, row[:3]) for number, row in rows] == [
        (1, ["a", "b", None]),
        (2, ["1", None, None]),
        (4, ["=A1", 2.5, None]),
    ]
    assert isinstance(rows[2][1][0], Formula)
    with pytest.raises(FileError, match="cannot be read as XLSX"):
        read_workbook(b"PK")


@pytest.mark.parametrize(
    ("limit", "value", "message"),
    [("MAX_SECONDS", 0.01, TOO_COMPLEX), ("MAX_MEMORY", 30_000_000, "The file cannot be read as XLSX.")],
)
def test_the_limits_of_the_process_end_it(new_processes, monkeypatch, limit, value, message):
    monkeypatch.setattr(xlsx_reader, limit, value)
    with pytest.raises(FileError) as error:
        read_workbook(sheet_of("<row><c><v>1</v></c></row>" * 1_000))
    assert str(error.value) == message


def test_a_busy_worker_says_so(monkeypatch):
    def refuse(*args):
        raise BusyError

    monkeypatch.setattr(limited_process, "call_in_new_process", refuse)
    with pytest.raises(FileError, match="Other files are being read: try again in a minute."):
        read_workbook(to_xlsx([["a"]]))
