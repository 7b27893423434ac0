"""A worker process that searches: reads one text per line and writes the result as JSON."""

import json
import sys

import django


def serialize_result(result):
    """Return a SearchResult as lists that JSON can write and tests can compare."""
    groups = [[group.kind, group.total, [record.pk for record in group.records]] for group in result]
    return [result.corrected_text, groups]


if __name__ == "__main__":
    django.setup()
    from catalog.search import search

    for line in sys.stdin:
        print(json.dumps(serialize_result(search(line.rstrip("\n")))), flush=True)  # noqa: T201
