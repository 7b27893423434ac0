"""What holds for each reader: it is found for its file, and hostile files are refused with a sentence."""

import contextlib
import random

import pytest

from catalog.sources.document import Document
from catalog.sources.readers import READERS, detect_kind
from catalog.sources.series_claims import SeriesClaims, SourceError
from catalog.tests.sources.real_files import FOLDER, needs_real_files, read_file
from catalog.tests.sources.samples import SAMPLES

HOSTILE = {
    "nothing": b"",
    "zeros": b"\x00" * 100,
    "compressed": b"\x1f\x8b\x08\x00" + b"x" * 100,
    "deep JSON": b"[" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "many digits": b'{"id":' + b"9" * 10_000 + b"}",
    "no number": b'{"id": NaN}',
    "Latin-1": '{"name": "é"}'.encode("latin-1"),
    "too large": b" " * 5_000_001,
    "other text": b"Dear editors",
}


@pytest.mark.parametrize("kind", SAMPLES)
def test_the_reader_of_a_file_is_found(kind):
    text = SAMPLES[kind]
    assert detect_kind(text) == detect_kind(text.encode()) == detect_kind(b"\xef\xbb\xbf" + text.encode()) == kind
    assert READERS[kind].read_series(text) == READERS[kind].read_series(text.encode("utf-8-sig"))


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_refused(data):
    with pytest.raises(SourceError, match=r"^[A-Z].*\.$"):
        detect_kind(data)
    for kind in SAMPLES:
        with pytest.raises(SourceError, match=r"^[A-Z].*\.$"):
            READERS[kind].read_series(data)


def mutate(text, rng):
    """``text`` with a few letters, or a part of it, changed, removed or doubled."""
    for _ in range(rng.randint(1, 4)):
        start = rng.randrange(len(text) + 1)
        end = min(len(text), start + rng.choice((1, 1, 2, 8, 200)))
        parts = ("", '"', "{", "[]", "null", "-1", "0", "<b>", "\x00", "\\ud800", "1e999", "é", text[start:end] * 2)
        text = text[:start] + rng.choice(parts) + text[end:]
    return text


def check_mutations(kind, text, rng, total):
    """Read ``total`` mutations of a text by all that its reader can do: nothing but SourceError may be raised."""
    reader = READERS[kind]
    for _ in range(total):
        mutated = mutate(text, rng)
        for read in filter(None, (reader.read_series, reader.read_all, detect_kind)):
            with contextlib.suppress(SourceError):
                assert isinstance(read(mutated), SeriesClaims | list | str)


@pytest.mark.parametrize("kind", SAMPLES)
def test_mutated_files_raise_nothing_but_the_readers_error(kind):
    check_mutations(kind, SAMPLES[kind], random.Random(kind), 300)


@needs_real_files
@pytest.mark.parametrize("kind", ["tvmaze", "tmdb", "tvdb", "nfo"])
def test_mutated_real_files_raise_nothing_but_the_readers_error(kind):
    rng = random.Random(kind)
    for path in sorted((FOLDER / kind).iterdir()):
        text = path.read_text(encoding="utf-8")
        if len(text) < 30_000:
            check_mutations(kind, text, rng, 20)


def test_a_refusal_that_quotes_the_file_is_one_short_line():
    assert str(SourceError("“a\n\tb” is no date.")) == "“a b” is no date."
    message = str(SourceError(f"“{'word ' * 1_000}” is no date."))
    assert len(message) <= 300
    assert message.endswith("…")


def test_wikitext_is_not_taken_for_json():
    for text in ("{| class=wikitable", "{{Infobox television", "[[File:A.jpg]]", "{", "[1]"):
        assert not Document(text).is_json
    for text in (' {"a": 1}', "[\n{", "[]", "{}"):
        assert Document(text).is_json


@needs_real_files
@pytest.mark.parametrize("kind", ["tvmaze", "tmdb", "tvdb", "nfo", "wikidata"])
def test_the_readers_of_real_files_are_found(kind):
    assert {detect_kind(path.read_bytes()) for path in (FOLDER / kind).iterdir()} == {kind}


@needs_real_files
def test_a_real_file_of_omdb_is_refused():
    with pytest.raises(SourceError, match="OMDb's data are not read"):
        detect_kind(read_file("omdb/test_get_id_1.json"))


@pytest.mark.parametrize(
    "text", ['{"Title": "A", "imdbID": "tt0000001"}', '{"Response": "False", "Error": "Series not found!"}']
)
def test_omdb_is_refused(text):
    with pytest.raises(SourceError, match="OMDb's data are not read: their licence"):
        detect_kind(text)
