"""Random edits of two editors in any order: every change that was acknowledged is in the record, or in a conflict.

Beside the desk runs a model of a few lines: what is stored, and for each open form what was stored when it was read and
what was typed since. Every value is typed once only, so a value in the record says whose it is.
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
WHO = (0, 1)
STEPS = st.lists(  # few things to change and many saves, so that most examples collide
    st.sampled_from(
        [("type", who, on) for who in WHO for on in FIELDS]
        + [(what, who, on) for what in ("row", "remove") for who in WHO for on in range(ROWS)]
        + [("add", who, None) for who in WHO]
        + [("save", who, side) for who in WHO for side in ("mine", "theirs")]
    ),
    min_size=8,
    max_size=14,
)
GONE = "gone"


class Desk:
    """Two editors with a form each, and the model beside them."""

    def __init__(self, clients):
        self.clients, self.numbers = clients, itertools.count(1)
        self.person = make.person("Name 0", biography="Text 0")
        self.rows = [self.person.aliases.create(name=f"Alias {n}", note="").pk for n in range(ROWS)]
        self.stored = self.in_database()
        self.forms = [self.opened(0), self.opened(1)]

    def in_database(self):
        """Every fact of the record by what it is about."""
        person = Person.objects.values(*FIELDS).get(pk=self.person.pk)
        rows = {row["pk"]: row["note"] for row in self.person.aliases.values("pk", "note")}
        return person | {pk: rows.get(pk, GONE) for pk in {*self.rows, *rows}}

    def opened(self, who):
        """A form as it is read now: (what is sent, what was stored, what is typed)."""
        return EditorSession.open(self.clients[who], self.person), dict(self.stored), {}

    def change(self, what, who, on):
        """Type, tick or add something in an open form."""
        form, base, typed = self.forms[who]
        word = f"Word {next(self.numbers)}"
        if what == "type":
            form.fill_in(**{on: word})
            typed[on] = word
        elif what == "add":
            form.add("aliases", name=f"Alias {word}", note=word)
            typed.setdefault("new", []).append(word)
        else:
            pk = self.rows[on]
            if base[pk] == GONE or typed.get(pk) == GONE:
                return
            if what == "row":
                form.fill_in_row("aliases", pk, note=word)
            else:
                form.remove("aliases", pk)
            typed[pk] = word if what == "row" else GONE

    def save(self, who, side):
        """Save a form; what is asked has to be just what both changed, and the outcome what was chosen."""
        form, base, typed = self.forms[who]
        mine = {key: value for key, value in typed.items() if key != "new"}
        both = {key for key, value in mine.items() if self.stored[key] not in (base[key], value)}
        form.send()
        asked = {self.about(conflict): conflict for conflict in form.conflicts.values()}
        assert set(asked) == both
        for key, conflict in asked.items():
            assert mine[key] == GONE or mine[key] in conflict.mine
            assert self.stored[key] == GONE or conflict.theirs.startswith("kept") or self.stored[key] == conflict.theirs
        assert form.saved == (not both)
        if both:
            assert self.in_database() == self.stored, "nothing is saved while something is asked"
            form = form.choose(side)
            assert form.saved
        kept = {key: value for key, value in mine.items() if key not in both or side == "mine"}
        expected = self.stored | kept
        now = self.in_database()
        added = {value for key, value in now.items() if key not in expected}
        assert added == set(typed.get("new", ()))
        assert {key: now[key] for key in expected} == expected
        self.stored = now
        self.forms[who] = self.opened(who)

    def about(self, conflict):
        """What a conflict is about, as the model calls it."""
        kind, pk, name = conflict.key.split("-", 2)
        return name if kind == "person" else int(pk)


class TestInterleaved(TestCase):
    """Hypothesis runs each example in a transaction of its own."""

    @settings(max_examples=12, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
    @given(steps=STEPS)
    def test_every_acknowledged_change_is_in_the_record_or_in_a_conflict(self, steps):
        clients = []
        for name in ("ada", "bo"):
            user = get_user_model().objects.create_superuser(name, password=name)
            clients.append(Client())
            clients[-1].force_login(user)
        desk = Desk(clients)
        for what, who, on in [*steps, ("save", 0, "mine"), ("save", 1, "mine")]:
            if what == "save":
                desk.save(who, on)
            else:
                desk.change(what, who, on)
