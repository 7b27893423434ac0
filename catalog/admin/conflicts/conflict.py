"""Conflicts that the editor has to decide, and the result of a merge."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.forms import BaseForm
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from catalog.models import Change

MINE, THEIRS = "mine", "theirs"
CHOICE_PREFIX = "_choice-"


def author_of(change):
    """The name of whoever made the change, to begin a sentence with."""
    return (change and change.edit and change.edit.by) or "Somebody else"


@dataclass
class Conflict:
    """Both editors changed the same field, or one deleted the row in which the other changed something.

    ``field_name`` is the name of the form field, empty for a row. ``mine`` and ``theirs`` are texts. ``choice`` is MINE
    or THEIRS if the editor has decided about this ``change``; a later change asks again.
    """

    key: str
    subject: str
    mine: str
    theirs: str
    change: Change
    field_name: str = ""
    choice: str = ""

    @property
    def input_name(self):
        """The name of the two radio buttons."""
        return CHOICE_PREFIX + self.key

    @property
    def author(self):
        return author_of(self.change)

    def read_choice(self, data):
        """Set ``choice`` from the submitted radio button."""
        side, _, number = data.get(self.input_name, "").partition(":")
        self.choice = side if side in (MINE, THEIRS) and number == str(self.change.pk) else ""


@dataclass
class MergeResult:
    """The data and files to save, messages about changes of others that were kept, and conflicts."""

    data: QueryDict
    files: MultiValueDict
    kept_changes: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)

    @property
    def open_conflicts(self):
        """Conflicts that the editor has not decided yet."""
        return [conflict for conflict in self.conflicts if not conflict.choice]

    def add(self, conflict):
        """Append a conflict, with the editor's choice if it was submitted."""
        conflict.read_choice(self.data)
        self.conflicts.append(conflict)
        return conflict

    def note_kept(self, change, action):
        """Add a message: ``action`` was done by the author of ``change``, and is kept."""
        self.kept_changes.append(f"{action} by {author_of(change)} while you were editing. That change was kept.")


def describe_row(past_row):
    """A row with its last logged label: credit “Ti West, director”."""
    return f"{past_row.model._meta.verbose_name} “{past_row.changes[-1].label}”"


class UnresolvedFormMixin(BaseForm):
    """A form that is invalid while conflicts are open. Set on the form class for each request:

    ``open_conflicts``; ``form_error``, a further message that keeps the form from being saved; ``is_inline_row``, True
    for a row, which marks its own fields only.
    """

    open_conflicts: Sequence[Conflict] = ()
    form_error = ""
    is_inline_row = False

    def _clean_form(self):
        super()._clean_form()  # type: ignore[misc]
        if self.form_error:
            self.add_error(None, self.form_error)
        if self.open_conflicts and not self.is_inline_row:
            self.add_error(None, "Another editor changed the same. Choose above which to keep, then save again.")
        names = {self.add_prefix(name): name for name in self.fields}
        for conflict in self.open_conflicts:
            if name := names.get(conflict.field_name):
                self.add_error(name, f"{conflict.author} changed this while you were editing, to: {conflict.theirs}")
