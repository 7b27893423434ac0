"""Entries of the history call records what they were called when the entry was written."""

import pytest

from catalog.history.diff import DiffBuilder
from catalog.history.revert import undo
from catalog.models import Change, Citation, Edit, Person, record_edit
from catalog.tests import factories as make

pytestmark = pytest.mark.django_db


def entries(version):
    """What the entries after a version say, as one text."""
    changes = list(Change.objects.filter(pk__gt=version).order_by("pk"))
    diffs = DiffBuilder(changes).diffs()
    fields = [field for diff in diffs for field in diff.field_diffs]
    return [diff.text for diff in diffs if diff.text] + [f"{field.old} → {field.new}" for field in fields]


def save(record, **values):
    for name, value in values.items():
        setattr(record, name, value)
    record.save()


def test_a_citation_of_a_credit_names_the_person_credited_then():
    version, credit = Change.objects.version(), make.credit(make.episode(), "Ti West")
    Citation.objects.create(source=make.source("Wikipedia"), credit=credit)
    before = entries(version)
    assert any("credit Ti West, Director" in text for text in before)
    later = Change.objects.version()
    save(credit, person=make.person("Jesse Peretz"))
    assert entries(version)[: len(before)] == before
    assert "Ti West → Jesse Peretz" in entries(later)


def test_a_changed_person_is_called_by_the_former_name():
    credit, other = make.credit(make.episode(), "Ti West"), make.person("Jesse Peretz")
    version = Change.objects.version()
    save(credit, person=other)
    save(other, name="Jesse P.")
    assert entries(version)[0] == "Ti West → Jesse Peretz"


def test_a_former_genre_keeps_its_name_in_a_list():
    series, genre = make.series(), make.genre("Drama")
    version = Change.objects.version()
    series.genres.add(genre)
    save(genre, name="Melodrama")
    assert entries(version) == ["nothing → Drama", "Drama → Melodrama"]


def test_a_record_that_was_added_without_the_log_has_the_name_of_before_its_first_change():
    credit = make.credit(make.episode(), "Ti West")
    Change.objects.filter(kind="person").delete()
    version, other = Change.objects.version(), make.person("Jesse Peretz")
    save(credit, person=other)
    save(Person.objects.get(name="Ti West"), name="T. W.")
    assert "Ti West → Jesse Peretz" in entries(version)


def test_an_entry_of_an_undo_names_what_it_restores():
    credit = make.credit(make.episode(), "Ti West")
    with record_edit() as edit:
        save(credit, person=make.person("Jesse Peretz"))
    with record_edit(kind=Edit.Kind.UNDO, undone=edit):
        undo(edit)
    labels = Change.objects.filter(kind="credit").order_by("pk").values_list("label", flat=True)
    assert list(labels) == ["Ti West, Director", "Jesse Peretz, Director", "Ti West, Director"]
