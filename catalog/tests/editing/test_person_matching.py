"""Matching names with people."""

import pytest

from catalog.editing.person_matching import NEW, is_similar_name, resolve_people
from catalog.tests import factories as make


def test_a_name_that_one_person_has_needs_no_answer(db):
    person = make.person("Ann One")
    resolved = resolve_people(["ann one"], {})
    assert resolved.by_key == {"annone": person.pk}
    assert not resolved.ambiguous
    assert not resolved.errors


def test_namesakes_need_an_answer_and_unknown_names_are_new_people(db):
    first, second = make.person("Ann One"), make.person("Ann One")
    names = ["Ann One", "New Body"]
    assert resolve_people(names, {}).errors == ["Choose who “Ann One” is."]
    resolved = resolve_people(names, {"annone": str(second.pk)})
    assert resolved.by_key == {"annone": second.pk, "newbody": NEW}
    assert [match.suggested for match in resolved.ambiguous] == [[first.pk, second.pk]]
    assert not resolved.errors


def test_an_answer_has_to_be_suggested_and_permitted(db):
    stranger = make.person("Quite Different")
    assert resolve_people(["New Body"], {"newbody": str(stranger.pk)}).errors == ["Choose who “New Body” is."]
    assert resolve_people(["New Body"], {"newbody": NEW}, may_add=False).errors == [
        "You may not add people: choose an existing person for “New Body”."
    ]


@pytest.mark.parametrize(
    ("name", "other_name", "similar"),
    [
        ("ann lee one", "one lee ann", True),
        ("ann one", "a one", True),
        ("ann one", "bob one", False),
        ("ann one", "ann two", False),
        ("ann one", "", False),
    ],
)
def test_similar_names(name, other_name, similar):
    assert is_similar_name(name.split(), other_name.split()) == similar
