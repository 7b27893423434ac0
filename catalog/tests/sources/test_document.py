"""Texts of sources in several encodings, and single values without markup."""

import pytest

from catalog.sources.document import Document, plain_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("<b>Bold</b> <script>alert(1)</script>", "Bold alert(1)"),
        ("&lt;img src=x onerror=alert(1)&gt;Title", "Title"),
        ("I <3 U", "I <3 U"),
        ("<html>", "<html>"),
        (" two\n lines\t", "two lines"),
        ("a\x00b\ud800c\u200bd\u202ee", "abcde"),
    ],
)
def test_a_single_value_is_plain_text(text, expected):
    assert plain_text(text) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_the_byte_order_mark_names_the_encoding(encoding):
    assert Document('{"a": "é"}'.encode(encoding)).json == {"a": "é"}
