"""A reader in a process of its own: its result, its errors, and what ends it."""

import operator
import os
import time

import pytest

from catalog.sources import reader_process
from catalog.sources.cell_values import parse_whole_number
from catalog.sources.reader_process import read_in_process
from catalog.sources.series_claims import SourceError


def test_a_result_and_an_error_come_back():
    assert read_in_process(parse_whole_number, "7") == 7
    with pytest.raises(SourceError, match="cannot be read"):
        read_in_process(parse_whole_number, "seven")


def test_what_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(reader_process, "MAX_SECONDS", 0.3)
    with pytest.raises(SourceError, match="not read within"):
        read_in_process(time.sleep, 20)


def test_what_takes_too_much_memory_or_crashes_is_an_error():
    with pytest.raises(SourceError, match="cannot be read"):
        read_in_process(operator.mul, b"x", 2 * reader_process.MAX_MEMORY)
    with pytest.raises(SourceError, match="cannot be read"):
        read_in_process(os.abort)
