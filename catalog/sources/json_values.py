"""Read values of parsed JSON whose shape nobody promises: what is missing or of another type is empty."""

from catalog.sources.document import plain_text

Record = dict[str, object]
MAX_NUMBER = 10**9


def as_record(value: object) -> Record:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else {}


def as_records(value: object) -> list[Record]:
    """The objects of a list."""
    return [member for member in value if isinstance(member, dict)] if isinstance(value, list) else []


def as_text(value: object) -> str:
    """The value in one line; a number as text; empty for all else."""
    if isinstance(value, str):
        return plain_text(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18 else ""


def as_number(value: object) -> int | None:
    """A whole number of at most nine digits, also as text or as 2.0."""
    if isinstance(value, str):
        text = value.strip()
        value = (
            int(text)
            if len(text) < 11 and text.isascii() and text.lstrip("-").isdecimal() and "-" not in text[1:]
            else None
        )
    if isinstance(value, float):
        value = int(value) if abs(value) < MAX_NUMBER and value == int(value) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < MAX_NUMBER else None


def get_record(record: Record, key: str) -> Record:
    """The object at ``key``."""
    return as_record(record.get(key))


def get_records(record: Record, key: str) -> list[Record]:
    """The objects of the list at ``key``."""
    return as_records(record.get(key))


def get_text(record: Record, *keys: str) -> str:
    """The text at the first of ``keys`` that has one."""
    return next(filter(None, (as_text(record.get(key)) for key in keys)), "")


def get_texts(record: Record, key: str) -> list[str]:
    """The texts of the list at ``key``, or the text there."""
    value = record.get(key)
    return [text for member in (value if isinstance(value, list) else [value]) if (text := as_text(member))]


def get_number(record: Record, *keys: str) -> int | None:
    """The number at the first of ``keys`` that has one."""
    numbers = (as_number(record.get(key)) for key in keys)
    return next((number for number in numbers if number is not None), None)
