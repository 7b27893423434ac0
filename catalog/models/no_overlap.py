"""A constraint of the database: rows of one group do not cover the same number."""

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.ddl_references import Statement, Table

# The groups lie apart on one line of numbers, as numbers are small integers: a range of integers needs no extension of
# PostgreSQL, a group beside the range would need btree_gist.
POSTGRESQL = (
    "CONSTRAINT %(name)s EXCLUDE USING gist (int8range("
    "%(group)s * 65536 + %(first)s, %(group)s * 65536 + COALESCE(%(last)s, %(first)s), '[]') WITH &&)"
)
# The rows that are there do not overlap, so only the nearest ones can overlap with another.
SQLITE = """
CREATE TRIGGER %(trigger)s AFTER %(event)s ON %(table)s
WHEN EXISTS (SELECT 1 FROM %(table)s WHERE %(group)s = NEW.%(group)s
    AND %(first)s > NEW.%(first)s AND %(first)s <= NEW.%(last)s)
OR NEW.%(first)s <= (SELECT %(last)s FROM %(table)s WHERE %(group)s = NEW.%(group)s
    AND %(first)s < NEW.%(first)s ORDER BY %(first)s DESC LIMIT 1)
BEGIN SELECT RAISE(ABORT, 'constraint failed: %(name)s'); END
"""


def overlaps(first: int, last: int | None = None) -> models.Q:
    """The condition that a row with ``number`` and ``last_number`` covers a number from ``first`` to ``last``."""
    last = first if last is None else last
    return models.Q(number__lte=last) & (models.Q(number__gte=first) | models.Q(last_number__gte=first))


class NoOverlap(models.BaseConstraint):
    """No two rows of one ``group`` (a foreign key) cover the same number, from ``number`` to ``last_number``.

    PostgreSQL has an exclusion constraint, SQLite two triggers: it runs one transaction at a time, so that they miss
    no row. Two equal values of ``number`` are left to a unique constraint, on whose index the triggers rely.

    A trigger is dropped with its table when a migration remakes it; Django asks for ``constraint_sql`` then, which
    creates the triggers again.
    """

    def __init__(self, *, group, name, violation_error_message=None):
        self.group = group
        self.fields = (group, "number", "last_number")
        super().__init__(name=name, violation_error_message=violation_error_message)

    def constraint_sql(self, model, schema_editor):
        """The part of CREATE TABLE; on SQLite None, as the triggers are created once the table is there."""
        columns = [schema_editor.quote_name(model._meta.get_field(name).column) for name in self.fields]
        parts = dict(zip(("group", "first", "last"), columns, strict=True)) | {"name": self.name}
        if schema_editor.connection.vendor == "postgresql":
            return POSTGRESQL % parts
        parts["table"] = Table(model._meta.db_table, schema_editor.quote_name)
        for event in ("INSERT", f"UPDATE OF {', '.join(columns)}"):
            trigger = f"{self.name}_{event[:6].lower()}"
            schema_editor.deferred_sql.append(Statement(SQLITE, **parts, event=event, trigger=trigger))
        return None

    def create_sql(self, model, schema_editor):
        """The statement that adds the constraint to a table; on SQLite Django remakes the table instead."""
        return f"ALTER TABLE {model._meta.db_table} ADD {self.constraint_sql(model, schema_editor)}"

    def remove_sql(self, model, schema_editor):
        """The statement that removes the constraint from a table; on SQLite Django remakes the table instead."""
        return f"ALTER TABLE {model._meta.db_table} DROP CONSTRAINT {self.name}"

    def validate(self, model, instance, exclude=None, using=DEFAULT_DB_ALIAS):
        """Raise ValidationError if another row overlaps; one of an equal ``number`` breaks the unique constraint."""
        group = getattr(instance, model._meta.get_field(self.group).attname)
        if not {*self.fields}.isdisjoint(exclude or ()) or None in (group, instance.number):
            return
        rows = model._default_manager.using(using).filter(**{self.group: group}).exclude(number=instance.number)
        if rows.filter(overlaps(instance.number, instance.last_number)).exclude(pk=instance.pk).exists():
            raise ValidationError(self.get_violation_error_message())

    def deconstruct(self):
        """The arguments, for migrations."""
        path, args, kwargs = super().deconstruct()
        return path, args, kwargs | {"group": self.group}

    def __eq__(self, other):
        return isinstance(other, NoOverlap) and self.deconstruct() == other.deconstruct()

    __hash__ = None  # type: ignore[assignment]
