"""The rows of a formset as they were sent: to be looked at, taken out, and written back."""

import re

MAX_ROWS = 2_000  # rows; Django's own limit is 1,000 above those there are


def read_count(data, name):
    """A count that the form holds; 0 for what is none."""
    text = data.get(name, "")
    return min(int(text), MAX_ROWS) if re.fullmatch(r"[0-9]{1,6}", text, re.ASCII) else 0


class SubmittedRow:
    """One row: what was sent for it, by the rest of the name; ``sent_as`` is what the names began with.

    ``keep_theirs`` once it was chosen that it stays as somebody else left it.
    """

    keep_theirs = False

    def __init__(self, values, was_there, sent_as):
        self.values, self.was_there, self.sent_as = values, was_there, sent_as

    @property
    def pk(self):
        """The key of the record that it stands for, or None."""
        text = (self.values.get("id") or [""])[-1]
        return int(text) if self.was_there and re.fullmatch(r"[0-9]{1,18}", text, re.ASCII) else None

    @property
    def marked_for_deletion(self):
        """Whether it was asked to be deleted."""
        return bool(self.values.get("DELETE", [""])[-1])

    def undelete(self):
        """Do not delete it."""
        self.values.pop("DELETE", None)


class SubmittedRows:
    """The rows of the formset with ``prefix`` in ``data``, a mutable QueryDict. Rows sent later come last."""

    def __init__(self, data, prefix):
        self.data, self.prefix = data, prefix
        total, there = read_count(data, f"{prefix}-TOTAL_FORMS"), read_count(data, f"{prefix}-INITIAL_FORMS")
        values = [{} for _ in range(total)]
        pattern = re.compile(rf"{re.escape(prefix)}-([0-9]{{1,4}})-(.+)", re.ASCII)
        for name in data:
            found = pattern.fullmatch(name)
            if found and int(found[1]) < total:
                values[int(found[1])][found[2]] = data.getlist(name)
        self.rows = [SubmittedRow(each, place < there, f"{prefix}-{place}") for place, each in enumerate(values)]

    def name_of(self, row):
        """What the names of the row's fields begin with, once the rows are written back."""
        return f"{self.prefix}-{self.rows.index(row)}"

    def drop(self, row):
        """Take a row out."""
        self.rows.remove(row)

    def write(self):
        """Write the rows back as they are now."""
        for name in [name for name in self.data if re.match(rf"{re.escape(self.prefix)}-[0-9]+-", name)]:
            del self.data[name]
        for place, row in enumerate(self.rows):
            for name, values in row.values.items():
                self.data.setlist(f"{self.prefix}-{place}-{name}", values)
        self.data[f"{self.prefix}-TOTAL_FORMS"] = str(len(self.rows))
        self.data[f"{self.prefix}-INITIAL_FORMS"] = str(sum(row.was_there for row in self.rows))
