"""Numbers and names in prose."""

from collections.abc import Iterable

MAX_NAMES = 3  # in a sentence


def join_names(names: Iterable[str], limit: int = MAX_NAMES) -> str:
    """The first names in prose, each once: ``A, B and C``, ``A, B, C and others``."""
    names = list(dict.fromkeys(names))
    parts = names[:limit] + (["others"] if len(names) > limit else [])
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def round_down(number: int) -> int:
    """``number`` with zeros after its first two digits: 1,424 is 1,400."""
    unit = 10 ** max(len(str(number)) - 2, 0)
    return number // unit * unit


def plural(number: int, singular: str, plural_form: str) -> str:
    """``1 episode``, ``12,480 episodes``."""
    return f"{number:,} {singular if number == 1 else plural_form}"
