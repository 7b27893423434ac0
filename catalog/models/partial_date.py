"""The column that stores partial dates, and its constraint."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Length, Substr

from catalog.partial_date import PartialDate

models.CharField.register_lookup(Length)


def end_of_period(field: str) -> Substr:
    """The expression to sort a partial date by as ``PartialDate.sort_key`` does: after the days of its period.

    Each date has ten characters, 2018 is 2018-99-99, so that no collation sorts them otherwise.
    """
    return Substr(Concat(field, Value("-99-99")), 1, 10)


class PartialDateField(models.CharField):
    """Stores a PartialDate as text, NULL when nothing is known; rejects anything else."""

    description = "A date known to the year, the month or the day"
    _pyi_private_get_type: PartialDate  # for django-stubs: the type of the attribute on a record

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("blank", True)
        kwargs.setdefault("null", True)
        kwargs.setdefault("max_length", 10)
        kwargs.setdefault("help_text", "As much as is known: 2018, 2018-03 or 2018-03-15.")
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, expression, connection) -> PartialDate | None:
        """Text from the database as a PartialDate, not checked again."""
        return None if value is None else str.__new__(PartialDate, value)

    def to_python(self, value) -> PartialDate | None:
        """A value from a form or fixture as a PartialDate or None; raises ValidationError."""
        if value in (None, ""):
            return None
        try:
            return value if isinstance(value, PartialDate) else PartialDate(value)
        except ValueError as error:
            raise ValidationError(
                "Enter a date as 2018, 2018-03 or 2018-03-15, as much of it as is known.", code="invalid"
            ) from error

    def get_prep_value(self, value):
        """The text to store. Checked again, for writers that skip validation; raises ValidationError."""
        value = self.to_python(value)
        return None if value is None else str(value)

    def formfield(self, **kwargs):
        """A text field in which empty text is None."""
        return super().formfield(**{"empty_value": None, **kwargs})


def partial_date_check(field: str, name: str) -> models.CheckConstraint:
    """A check that ``field`` is NULL or has the length of a year, a month or a day."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__length__in": (4, 7, 10)}),
        name=name,
        violation_error_message="Enter a date as 2018, 2018-03 or 2018-03-15.",
    )


def date_order_check(start: str, end: str, name: str, message: str) -> models.CheckConstraint:
    """A check that ``end`` is not before ``start``, as far as both are known: 2019 is not before 2019-12-18."""
    return models.CheckConstraint(
        condition=Q(**{f"{start}__isnull": True})
        | Q(**{f"{end}__isnull": True})
        | Q(**{f"{end}__gte": Substr(start, 1, Length(end))}),
        name=name,
        violation_error_message=message,
    )
