"""Another process of the site that searches: a text a line, answered as JSON."""

import json
import sys

import django


def said(search, text):
    """What a search says, in words that can be compared."""
    found = search(text)
    return [found.corrected_text, [[group.kind, group.total, [row.pk for row in group.records]] for group in found]]


if __name__ == "__main__":
    django.setup()
    from catalog.search import search

    for line in sys.stdin:
        print(json.dumps(said(search, line.rstrip("\n"))), flush=True)  # noqa: T201
