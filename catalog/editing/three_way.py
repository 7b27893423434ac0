"""Three-way merge of values: what an editor was shown, what the editor submits, and what is stored now."""

from collections.abc import Iterable, Set
from enum import Enum
from typing import Final

DELETED: Final = object()  # stands for the value of a deleted row


class Decision(Enum):
    """Which of two values is stored."""

    TAKE_MINE = "take mine"
    TAKE_THEIRS = "take theirs"
    CONFLICT = "conflict"


def merge_value(base: object, mine: object, theirs: object, superseded: Iterable[object] = ()) -> Decision:
    """Decide about one value: of a field, or of a whole row, which is DELETED if it no longer exists.

    ``base`` is the value that the editor was shown, ``mine`` the submitted one, ``theirs`` the stored one.
    ``superseded`` are the values stored between ``base`` and ``theirs``: submitting one of them is no change
    by the editor. If both sides agree the answer is TAKE_MINE.
    """
    if mine == theirs or base == theirs:
        return Decision.TAKE_MINE
    if mine == base or mine in superseded:
        return Decision.TAKE_THEIRS
    return Decision.CONFLICT


def merge_keys(base: Set[int], mine: Set[int], theirs: Set[int]) -> set[int]:
    """Merge the keys of a many-to-many field: each key is added or removed by itself, so there is no conflict."""
    return (set(theirs) | (mine - base)) - (base - mine)
