"""Two editors at the desk: each reads a form, changes what they have read, and sends it."""

import re

from catalog.tests.admin.admin_forms import change_url, form_values, read_form


class EditorSession:
    """A form that an editor has open. Rows are found by what they name; ``send`` is one save."""

    def __init__(self, client, url, data=None):
        self.client, self.url, self.data = client, url, data or read_form(client, url)
        self.response = None

    @classmethod
    def open(cls, client, record):
        """The form of a record."""
        return cls(client, change_url(record))

    @classmethod
    def open_for_two(cls, one, other, record):
        """The form as two editors of the same rights have it open: it is the same, and read once."""
        first = cls.open(one, record)
        return first, cls(other, first.url, {name: list(values) for name, values in first.data.items()})

    def row(self, prefix, pk):
        """What the names of the fields of a record's row begin with."""
        names = [name for name in self.data if re.fullmatch(rf"{prefix}-\d+-id", name)]
        return next(name for name in names if self.data[name] == [str(pk)]).removesuffix("-id")

    def fill_in(self, **fields):
        """Type into fields of the record itself."""
        self.data |= {name: [str(value)] for name, value in fields.items()}
        return self

    def fill_in_row(self, prefix, pk, **fields):
        """Type into a row."""
        start = self.row(prefix, pk)
        self.data |= {f"{start}-{name}": [str(value)] for name, value in fields.items()}
        return self

    def remove(self, prefix, pk):
        """Tick a row to be deleted."""
        return self.fill_in_row(prefix, pk, DELETE="on")

    def add(self, prefix, **fields):
        """Fill in a further row."""
        number = int(self.data[f"{prefix}-TOTAL_FORMS"][0])
        self.data[f"{prefix}-TOTAL_FORMS"] = [str(number + 1)]
        self.data |= {f"{prefix}-{number}-{name}": [str(value)] for name, value in fields.items()}
        return self

    def send(self, **fields):
        """Save; the form that comes back, if one does, is what is open then."""
        self.response = self.client.post(self.url, {**self.data, **fields})
        return self

    @property
    def saved(self):
        """Whether it was taken."""
        return self.response.status_code == 302

    @property
    def conflicts(self):
        """What is to be chosen, by the name of the choice."""
        context = self.response.context_data if hasattr(self.response, "context_data") else {}
        return {conflict.choice: conflict for conflict in context.get("conflicts", ())}

    def choose(self, side):
        """Take up the form that came back, choose ``side`` in everything, and save."""
        again = EditorSession(self.client, self.url, form_values(self.response))
        again.data |= {name: [f"{side}:{conflict.change.pk}"] for name, conflict in self.conflicts.items()}
        return again.send()
