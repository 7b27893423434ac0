"""Random edits of two editors in any order: every saved change is in the record or in a conflict.

Beside the admin runs a model of a few lines: the stored values, and for each open form the values at its opening and
the changes since. Every typed value is unique, so a value in the record tells whose it is.
"""

import itertools

from django.contrib.auth import get_user_model
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from catalog.models import Person
from catalog.tests import factories as make
from catalog.tests.admin.conflicts.editor_session import EditorSession

FIELDS = ("name", "biography")
ROWS = 2
EDITORS = (0, 1)
STEPS = st.lists(  # (action, editor, argument); few fields and many saves, so that most examples have conflicts
    st.sampled_from(
        [("type", editor, field) for editor in EDITORS for field in FIELDS]
        + [(action, editor, row) for action in ("row", "remove") for editor in EDITORS for row in range(ROWS)]
        + [("add", editor, None) for editor in EDITORS]
        + [("save", editor, side) for editor in EDITORS for side in ("mine", "theirs")]
    ),
    min_size=8,
    max_size=14,
)
DELETED = "deleted"


class TwoEditors:
    """Two editors with a form each, and the model beside them."""

    def __init__(self, clients):
        self.clients, self.numbers = clients, itertools.count(1)
        self.person = make.person("Name 0", biography="Text 0")
        self.rows = [self.person.aliases.create(name=f"Alias {n}", note="").pk for n in range(ROWS)]
        self.stored = self.in_database()
        self.forms = [self.open_form(editor) for editor in EDITORS]

    def in_database(self):
        """All values of the record: by field, and by the key of the row."""
        person = Person.objects.values(*FIELDS).get(pk=self.person.pk)
        rows = {row["pk"]: row["note"] for row in self.person.aliases.values("pk", "note")}
        return person | {pk: rows.get(pk, DELETED) for pk in {*self.rows, *rows}}

    def open_form(self, editor):
        """(form, values at its opening, typed values)."""
        return EditorSession.open(self.clients[editor], self.person), dict(self.stored), {}

    def change(self, action, editor, argument):
        """Type, delete or add in an open form."""
        form, base, typed = self.forms[editor]
        word = f"Word {next(self.numbers)}"
        if action == "type":
            form.fill_in(**{argument: word})
            typed[argument] = word
        elif action == "add":
            form.add("aliases", name=f"Alias {word}", note=word)
            typed.setdefault("new", []).append(word)
        else:
            pk = self.rows[argument]
            if base[pk] == DELETED or typed.get(pk) == DELETED:
                return
            if action == "row":
                form.fill_in_row("aliases", pk, note=word)
            else:
                form.remove("aliases", pk)
            typed[pk] = word if action == "row" else DELETED

    def save(self, editor, side):
        """Submit a form: the conflicts are exactly what both changed, and the result is what was chosen."""
        form, base, typed = self.forms[editor]
        mine = {key: value for key, value in typed.items() if key != "new"}
        changed_by_both = {key for key, value in mine.items() if self.stored[key] not in (base[key], value)}
        form.send()
        conflicts = {self.key_of(conflict): conflict for conflict in form.conflicts.values()}
        assert set(conflicts) == changed_by_both
        for key, conflict in conflicts.items():
            stored = self.stored[key]
            assert mine[key] == DELETED or mine[key] in conflict.mine
            assert stored == DELETED or conflict.theirs.startswith("kept") or stored == conflict.theirs
        assert form.saved == (not changed_by_both)
        if changed_by_both:
            assert self.in_database() == self.stored, "nothing is saved while a conflict is open"
            form = form.choose(side)
            assert form.saved
        expected = self.stored | {
            key: value for key, value in mine.items() if key not in changed_by_both or side == "mine"
        }
        current = self.in_database()
        added = {value for key, value in current.items() if key not in expected}
        assert added == set(typed.get("new", ()))
        assert {key: current[key] for key in expected} == expected
        self.stored = current
        self.forms[editor] = self.open_form(editor)

    def key_of(self, conflict):
        """The key of the conflict's value in the model."""
        kind, pk, name = conflict.key.split("-", 2)
        return name if kind == "person" else int(pk)


class TestInterleaved(TestCase):
    """Hypothesis runs each example in a transaction of its own."""

    @settings(max_examples=12, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
    @given(steps=STEPS)
    def test_every_saved_change_is_in_the_record_or_in_a_conflict(self, steps):
        clients = []
        for name in ("ada", "bo"):
            user = get_user_model().objects.create_superuser(name, password=name)
            clients.append(Client())
            clients[-1].force_login(user)
        editors = TwoEditors(clients)
        for action, editor, argument in [*steps, ("save", 0, "mine"), ("save", 1, "mine")]:
            if action == "save":
                editors.save(editor, argument)
            else:
                editors.change(action, editor, argument)
