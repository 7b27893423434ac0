"""Hostile files: every reader answers in two seconds and with little memory, by a sentence or harmless claims."""

import time
from pathlib import Path

import pytest

from catalog.limited_process import call_in_new_process
from catalog.sources import reader_process
from catalog.sources.readers import READERS, detect_kind
from catalog.sources.series_claims import SourceError
from catalog.tests.hostile.source_files import READ, SOURCE_FILES

MAX_SECONDS = 2  # of processor time for one step; a file has up to 5 MB
MAX_MEGABYTES = 250  # beside what this process has already
MAX_SENTENCE = 300  # characters


def read(step, data):
    """The sentence that refuses a file, else what reading gives: a kind, or claims."""
    try:
        return step(data)
    except SourceError as error:
        return str(error)


def read_hostile_files(max_wikitext_seconds):
    """``{name: (answer to an upload, slowest step, its seconds, megabytes)}``, measured in this process.

    Each file is recognised, and read by all readers.
    """
    reader_process.MAX_SECONDS = max_wikitext_seconds
    results = {}
    for name, (create, _) in SOURCE_FILES.items():
        data = create()
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # resets the highest use of memory
        memory, seconds = _highest_memory(), {}
        answers = {}
        for step, function in [("detect_kind", detect_kind), *((kind, READERS[kind].read_series) for kind in READERS)]:
            start = time.process_time()
            answers[step] = read(function, data)
            seconds[step] = time.process_time() - start
        answer = answers.get(answers["detect_kind"], answers["detect_kind"])
        slowest = max(seconds, key=seconds.__getitem__)
        answer = answer if isinstance(answer, str) else READ
        results[name] = answer, slowest, seconds[slowest], _highest_memory() - memory
    return results


def _highest_memory():
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


@pytest.fixture(scope="module")
def results():
    """The answers to all files, from one process, where wikitext is ended after half a second."""
    return call_in_new_process(read_hostile_files, (0.5,), 300, 4_000_000_000, SourceError)


@pytest.mark.parametrize("name", SOURCE_FILES)
def test_a_hostile_file_gets_one_sentence_in_time(results, name):
    answer, slowest, seconds, megabytes = results[name]
    assert answer.startswith(SOURCE_FILES[name][1])
    assert bool(answer) == bool(SOURCE_FILES[name][1]), answer
    assert "\n" not in answer
    assert len(answer) <= MAX_SENTENCE
    assert seconds < MAX_SECONDS, f"{slowest}: {seconds:.1f} s"
    assert megabytes < MAX_MEGABYTES, f"{megabytes:.0f} MB"


def test_no_script_and_no_address_of_a_script_becomes_a_claim():
    for name in ("markup in texts", "links that run scripts"):
        create, _ = SOURCE_FILES[name]
        data = create()
        text = repr(READERS[detect_kind(data)].read_series(data))
        assert "<script" not in text, name
        assert "javascript:" not in text, name
        assert "\\x00" not in text, name
