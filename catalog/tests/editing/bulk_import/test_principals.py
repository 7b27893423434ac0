"""The quick way to read the characters of a line gives what the thorough one gives."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.editing.bulk_import.principals import NO_CHARACTERS, SIMPLE_CHARACTER
from catalog.sources.cell_values import is_placeholder
from catalog.sources.document import plain_text
from catalog.sources.imdb import read_characters
from catalog.sources.person_names import read_name


@given(st.text(alphabet=st.one_of(st.sampled_from("aZ0é .,'’-_()&;\u200b\u00a0\"\\#x"), st.characters()), min_size=1))
def test_simple_names_are_taken_as_they_are(name):
    for text in (json.dumps([name], ensure_ascii=False), f'["{name}"]'):
        match = SIMPLE_CHARACTER.fullmatch(text)
        if match is None or match[1].casefold().replace(".", "") in NO_CHARACTERS:
            continue
        assert [match[1]] == read_characters(text)
        details = read_name(plain_text(match[1]))
        assert (details.name, details.credited_as, details.notes) == (match[1], "", ())
        assert not is_placeholder(match[1])


@pytest.mark.parametrize("name", ["Ann", "Dr. O'Hara Jr.", "Éva 2", "Mr.X, the"])
def test_simple_names(name):
    assert SIMPLE_CHARACTER.fullmatch(f'["{name}"]')[1] == name


@pytest.mark.parametrize(
    "text", ['["A (voice)"]', '["A","B"]', '["A  B"]', '["A &amp; B"]', '["A-B"]', r'["A\\"]', '[" A"]']
)
def test_other_names_are_read_thoroughly(text):
    assert SIMPLE_CHARACTER.fullmatch(text) is None
