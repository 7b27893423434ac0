"""Each worker process has a name cache of its own; all of them are as new as the last commit."""

import pytest

from catalog.models import Alias, Person, Series
from catalog.search import search
from catalog.search.indexing import rebuild_index
from catalog.tests import factories as make
from catalog.tests.facets.test_processes import ask_worker, start_workers
from catalog.tests.search.worker_process import serialize_result

TEXTS = ("ann", "bellamy", "ann belamy", "harbour", "harbor", "skipper", "quigly")


def publish():
    """Publish the draft series."""
    series = Series.objects.get(title="Harbour")
    series.published_at = series.seasons.first().published_at
    series.save()


def merge():
    """Merge two people."""
    target, duplicate = Person.objects.get(name="Ann Bellamy"), Person.objects.get(name="Anne Bellamy")
    for credit in duplicate.credits.all():
        credit.person = target
        credit.save()
    duplicate.delete()


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
def test_all_workers_have_the_same_results_after_each_commit():
    rebuild_index()
    with start_workers(2, "catalog.tests.search.worker_process") as processes:
        for edit in [lambda: None, *EDITS]:
            edit()
            for text in TEXTS:
                expected = serialize_result(search(text))
                assert [ask_worker(process, text) for process in processes] == [expected] * len(processes), text
    rebuild_index()
