"""Dates of which a part is known, how they sort, and the column that holds them."""

import datetime as dt
import re

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length

models.CharField.register_lookup(Length)

DAY, MONTH, YEAR = "day", "month", "year"
_PARTIAL = re.compile(r"(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d))?)?", re.ASCII)


class PartialDate(str):
    """A date of which the year, the month or the day is known: ``2018``, ``2018-03``, ``2018-03-15``.

    The form is that of ISO 8601 with reduced precision (EDTF level 0). As text it sorts by time; where a
    half-known date meets a fully known one of the same period, ``sort_key`` puts it after.
    Raises ValueError for anything that is no such date (``2018-13``, ``2018-02-30``, year ``0000``).
    """

    __slots__ = ()

    def __new__(cls, text):
        text = str(text).strip()
        found = _PARTIAL.fullmatch(text)
        if not found:
            raise ValueError(f"{text!r} is no date: write 2018, 2018-03 or 2018-03-15")
        year, month, day = (int(found[part] or 1) for part in ("year", "month", "day"))
        dt.date(year, month, day)
        return super().__new__(cls, text)

    @property
    def precision(self):
        """``"year"``, ``"month"`` or ``"day"``: how much is known."""
        return {4: YEAR, 7: MONTH, 10: DAY}[len(self)]

    @property
    def year(self):
        """The year, a whole number."""
        return int(self[:4])

    @property
    def first_day(self):
        """The earliest ``datetime.date`` that this can be."""
        return dt.date.fromisoformat((self + "-01-01")[:10])

    @property
    def sort_key(self):
        """Text to sort by: a half-known date comes after the known days of its month or year."""
        return self + "~"


class PartialDateField(models.CharField):
    """Stores a PartialDate as text, NULL when nothing is known; refuses what is no date."""

    description = "A date known to the year, the month or the day"

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("blank", True)
        kwargs.setdefault("null", True)
        kwargs.setdefault("max_length", 10)
        kwargs.setdefault("help_text", "As much as is known: 2018, 2018-03 or 2018-03-15.")
        super().__init__(*args, **kwargs)

    def from_db_value(self, value, expression, connection):
        """Text from the database as a PartialDate. Trusted: it was checked on the way in."""
        return None if value is None else str.__new__(PartialDate, value)

    def to_python(self, value):
        """Whatever a form or fixture holds as a PartialDate; ValidationError when it is none."""
        if value in (None, ""):
            return None
        try:
            return value if isinstance(value, PartialDate) else PartialDate(value)
        except ValueError as error:
            raise ValidationError(
                "Enter a date as 2018, 2018-03 or 2018-03-15, as much of it as is known.", code="invalid"
            ) from error

    def get_prep_value(self, value):
        """The text to store. A wrong date is refused here too, for writers that skip validation."""
        value = self.to_python(value)
        return None if value is None else str(value)

    def formfield(self, **kwargs):
        """A plain text field; an empty one means that nothing is known."""
        return super().formfield(**{"empty_value": None, **kwargs})


def partial_date_check(field, name):
    """The database's own word that ``field`` has the length of a year, a month or a day."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__length__in": (4, 7, 10)}),
        name=name,
        violation_error_message="Enter a date as 2018, 2018-03 or 2018-03-15.",
    )
