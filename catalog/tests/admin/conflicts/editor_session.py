"""An editor with an open form: read it, change fields and rows, submit it."""

import re

from catalog.tests.admin.admin_forms import change_url, form_values, read_form


class EditorSession:
    """A form that an editor has open; ``send`` submits it."""

    def __init__(self, client, url, data=None):
        self.client, self.url, self.data = client, url, data or read_form(client, url)
        self.response = None

    @classmethod
    def open(cls, client, record):
        """Open the form of a record."""
        return cls(client, change_url(record))

    @classmethod
    def open_for_two(cls, client, other_client, record):
        """The same form, opened by two editors with the same permissions; it is read once only."""
        first = cls.open(client, record)
        return first, cls(other_client, first.url, {name: list(values) for name, values in first.data.items()})

    def row(self, prefix, pk):
        """What the field names of a row begin with."""
        names = [name for name in self.data if re.fullmatch(rf"{prefix}-\d+-id", name)]
        return next(name for name in names if self.data[name] == [str(pk)]).removesuffix("-id")

    def fill_in(self, **fields):
        """Change fields of the record."""
        self.data |= {name: [str(value)] for name, value in fields.items()}
        return self

    def fill_in_row(self, prefix, pk, **fields):
        """Change fields of a row."""
        row = self.row(prefix, pk)
        self.data |= {f"{row}-{name}": [str(value)] for name, value in fields.items()}
        return self

    def remove(self, prefix, pk):
        """Tick "Delete?" in a row."""
        return self.fill_in_row(prefix, pk, DELETE="on")

    def add(self, prefix, **fields):
        """Add a row."""
        number = int(self.data[f"{prefix}-TOTAL_FORMS"][0])
        self.data[f"{prefix}-TOTAL_FORMS"] = [str(number + 1)]
        self.data |= {f"{prefix}-{number}-{name}": [str(value)] for name, value in fields.items()}
        return self

    def send(self, **fields):
        """Submit the form, with more ``fields``."""
        self.response = self.client.post(self.url, {**self.data, **fields})
        return self

    @property
    def saved(self):
        """True if the last submission was saved."""
        return self.response.status_code == 302

    @property
    def conflicts(self):
        """The conflicts that the last response shows, by the name of their radio buttons."""
        context = self.response.context_data if hasattr(self.response, "context_data") else {}
        return {conflict.input_name: conflict for conflict in context.get("conflicts", ())}

    def choose(self, side):
        """Choose ``side`` in all conflicts of the returned form, and submit it."""
        returned = EditorSession(self.client, self.url, form_values(self.response))
        returned.data |= {name: [f"{side}:{conflict.change.pk}"] for name, conflict in self.conflicts.items()}
        return returned.send()
