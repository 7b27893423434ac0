"""Workers hold the names each, and none ever answers older than the last commit."""

import pytest

from catalog.models import Alias, Person, Series
from catalog.search import search
from catalog.search.indexing import rebuild_index
from catalog.tests import factories as make
from catalog.tests.facets.test_processes import ask_worker, start_workers
from catalog.tests.search.worker_process import said

TEXTS = ("ann", "bellamy", "ann belamy", "harbour", "harbor", "skipper", "quigly")


def publish():
    """Show the draft."""
    series = Series.objects.get(title="Harbour")
    series.published_at = series.seasons.first().published_at
    series.save()


def merge():
    """Make two people one."""
    kept, gone = Person.objects.get(name="Ann Bellamy"), Person.objects.get(name="Anne Bellamy")
    for credit in gone.credits.all():
        credit.person = kept
        credit.save()
    gone.delete()


EDITS = [
    lambda: make.person("Ann Bellamy"),
    lambda: make.credit(make.season(make.series("Harbour", published_at=None)), "Anne Bellamy"),
    publish,
    lambda: Alias.objects.create(person=Person.objects.get(name="Ann Bellamy"), name="Skipper"),
    merge,
    lambda: make.person("Rosalind Quigley"),
    lambda: Series.objects.get(title="Harbour").delete(),
    lambda: Person.objects.get(name="Rosalind Quigley").delete(),
]


@pytest.mark.django_db(transaction=True)
def test_every_worker_finds_what_this_process_finds_after_each_commit():
    rebuild_index()
    with start_workers(2, "catalog.tests.search.worker_process") as asked:
        for edit in [lambda: None, *EDITS]:
            edit()
            for text in TEXTS:
                right = said(search, text)
                assert [ask_worker(process, text) for process in asked] == [right] * len(asked), text
    rebuild_index()
