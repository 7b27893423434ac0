"""The rows of a formset in POST data: read them, drop some, write them back."""

import re

MAX_ROWS = 2_000  # Django accepts at most 1,000 more than there are


def read_count(data, name):
    """A count of the management form; 0 if it is invalid."""
    text = data.get(name, "")
    return min(int(text), MAX_ROWS) if re.fullmatch(r"[0-9]{1,6}", text, re.ASCII) else 0


class SubmittedRow:
    """One row: ``values`` are lists by the rest of the field name, ``prefix`` is what the submitted names begin with.

    ``is_initial`` says that the form was opened with this row. ``keep_theirs`` is True once the editor has chosen to
    keep the row as another editor left it.
    """

    keep_theirs = False

    def __init__(self, values, is_initial, prefix):
        self.values, self.is_initial, self.prefix = values, is_initial, prefix

    @property
    def pk(self):
        """The key of the row's record; None for a new row."""
        text = (self.values.get("id") or [""])[-1]
        return int(text) if self.is_initial and re.fullmatch(r"[0-9]{1,18}", text, re.ASCII) else None

    @property
    def marked_for_deletion(self):
        return bool(self.values.get("DELETE", [""])[-1])

    def undelete(self):
        self.values.pop("DELETE", None)


class SubmittedRows:
    """The rows of the formset with ``prefix`` in ``data``, a mutable QueryDict."""

    def __init__(self, data, prefix):
        self.data, self.prefix = data, prefix
        total, initial = read_count(data, f"{prefix}-TOTAL_FORMS"), read_count(data, f"{prefix}-INITIAL_FORMS")
        values: list[dict[str, list[str]]] = [{} for _ in range(total)]
        pattern = re.compile(rf"{re.escape(prefix)}-([0-9]{{1,4}})-(.+)", re.ASCII)
        for name in data:
            match = pattern.fullmatch(name)
            if match and int(match[1]) < total:
                values[int(match[1])][match[2]] = data.getlist(name)
        self.rows = [
            SubmittedRow(row_values, index < initial, f"{prefix}-{index}") for index, row_values in enumerate(values)
        ]

    def prefix_of(self, row):
        """What the names of the row's fields begin with after ``write``."""
        return f"{self.prefix}-{self.rows.index(row)}"

    def drop(self, row):
        self.rows.remove(row)

    def write(self):
        """Write the remaining rows into the data, renumbered."""
        for name in [name for name in self.data if re.match(rf"{re.escape(self.prefix)}-[0-9]+-", name)]:
            del self.data[name]
        for index, row in enumerate(self.rows):
            for name, values in row.values.items():
                self.data.setlist(f"{self.prefix}-{index}-{name}", values)
        self.data[f"{self.prefix}-TOTAL_FORMS"] = str(len(self.rows))
        self.data[f"{self.prefix}-INITIAL_FORMS"] = str(sum(row.is_initial for row in self.rows))
