"""What is to be chosen, and what came of a merge."""

from dataclasses import dataclass, field

from catalog.models import Change

MINE, THEIRS = "mine", "theirs"
CHOICE_PREFIX = "_choice-"


def author_of(change):
    """The name of whoever made a change."""
    return (change and change.edit and change.edit.by) or "Somebody else"


@dataclass
class Conflict:
    """Both sides changed the same: one field, or one of them removed the row in which the other changed something.

    ``name`` is that of the form's field (empty for a row). ``chosen`` is MINE or THEIRS once that was said, about the
    very change that is in the way: when a third editor comes in between, it is asked again.
    """

    key: str
    what: str
    mine: str
    theirs: str
    change: Change
    name: str = ""
    chosen: str = ""

    @property
    def choice(self):
        """The name of the group of two buttons."""
        return CHOICE_PREFIX + self.key

    @property
    def author(self):
        """Who made the change."""
        return author_of(self.change)

    def choose(self, data):
        """Take what was chosen in ``data``, if it was."""
        side, _, number = data.get(self.choice, "").partition(":")
        self.chosen = side if side in (MINE, THEIRS) and number == str(self.change.pk) else ""


@dataclass
class MergeResult:
    """What came of a merge: data and files to go on with, what was taken over in words, what is to be chosen."""

    data: object
    files: object
    kept_changes: list = field(default_factory=list)
    conflicts: list = field(default_factory=list)

    @property
    def open_conflicts(self):
        """Conflicts in which nothing was chosen yet."""
        return [conflict for conflict in self.conflicts if not conflict.chosen]

    def add(self, conflict):
        """Take up a conflict, with what was chosen in it."""
        conflict.choose(self.data)
        self.conflicts.append(conflict)
        return conflict

    def note_kept(self, change, told):
        """Say that what somebody else did stays."""
        self.kept_changes.append(f"{told} by {author_of(change)} meanwhile; that stays.")


def describe_row(past):
    """A record in words, as the log knew it last: credit “Ti West, director”."""
    return f"{past.model._meta.verbose_name} “{past.changes[-1].label}”"


class UnresolvedFormMixin:
    """Part of a form: not valid while there is something to choose. ``unsettled`` are the conflicts of the request.

    ``complaint`` says what else is in the way; a row marks its own fields only.
    """

    open_conflicts = ()
    complaint = ""
    is_row = False

    def _clean_form(self):
        super()._clean_form()
        if self.complaint:
            self.add_error(None, self.complaint)
        if self.open_conflicts and not self.is_row:
            self.add_error(None, "Somebody else changed the same meanwhile. Choose above what is to stay.")
        mine = {self.add_prefix(name): name for name in self.fields}
        for conflict in self.open_conflicts:
            if conflict.name in mine:
                self.add_error(mine[conflict.name], f"{conflict.author} changed this meanwhile to: {conflict.theirs}")
