"""A reader in a process of its own: its result, and a sentence for what ends it."""

import operator
import time

import pytest

from catalog import limited_process
from catalog.limited_process import BusyError
from catalog.sources import reader_process
from catalog.sources.cell_values import parse_whole_number
from catalog.sources.reader_process import read_in_process
from catalog.sources.series_claims import SourceError


def test_a_result_and_an_error_come_back(new_processes):
    assert read_in_process(parse_whole_number, "7") == 7
    with pytest.raises(SourceError, match="cannot be read"):
        read_in_process(parse_whole_number, "seven")


def test_what_takes_too_long_is_ended(new_processes, monkeypatch):
    monkeypatch.setattr(reader_process, "MAX_SECONDS", 0.3)
    with pytest.raises(SourceError, match="not read within"):
        read_in_process(time.sleep, 20)


def test_what_takes_too_much_memory_is_an_error(new_processes):
    with pytest.raises(SourceError, match="cannot be read"):
        read_in_process(operator.mul, b"x", 2 * reader_process.MAX_MEMORY)


def test_a_busy_worker_says_so(monkeypatch):
    def refuse(*args):
        raise BusyError

    monkeypatch.setattr(limited_process, "call_in_new_process", refuse)
    with pytest.raises(SourceError, match="try again in a minute"):
        read_in_process(len, "")
