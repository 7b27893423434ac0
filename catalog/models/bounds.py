"""Bounds of the values in columns, as validators and checks: of numbers, SQLite stores any and PostgreSQL fails."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import CharField, CheckConstraint, Model, Q

MAX_MINUTES = 1440  # a day
LINK_SCHEMES = ("https://", "http://", "ftp://", "ftps://")  # those that URLField accepts

SMALL = (MaxValueValidator(32767),)  # for a PositiveSmallIntegerField
REGULAR = (MaxValueValidator(2_147_483_647),)  # for a PositiveIntegerField
MINUTES = (MinValueValidator(1), MaxValueValidator(MAX_MINUTES))


def max_length(model: type[Model], name: str) -> int:
    """How many characters a column of text can hold."""
    column = model._meta.get_field(name)
    assert isinstance(column, CharField)
    assert column.max_length
    return column.max_length


def minutes_check(*fields: str, name: str) -> CheckConstraint:
    """A check that each field is NULL or a running time of at least a minute and at most a day."""
    condition = Q()
    for field in fields:
        condition &= Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__range": (1, MAX_MINUTES)})
    message = f"A running time is between 1 and {MAX_MINUTES} minutes, which are a day."
    return CheckConstraint(condition=condition, name=name, violation_error_message=message)


def web_address_check(field: str, name: str) -> CheckConstraint:
    """A check that ``field`` is empty or an address that a page may link: ``javascript:`` would run in it."""
    condition = Q(**{field: ""})
    for scheme in LINK_SCHEMES:
        condition |= Q(**{f"{field}__istartswith": scheme})
    message = "Enter an address that begins with https:// or http://."
    return CheckConstraint(condition=condition, name=name, violation_error_message=message)
