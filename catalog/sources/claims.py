"""Claims: what a text states about episodes and credits, before it is matched with records of the catalogue."""

from collections.abc import Hashable
from dataclasses import dataclass, field

from catalog.partial_date import PartialDate

NOT_ON_AN_EPISODE = "a credit on an episode is for that episode: leave out “for some episodes”"
FieldValue = str | int | PartialDate | None


@dataclass(frozen=True)
class CreditClaim:
    """One stated credit. Claims of one role that share a ``team`` are a writing team, joined by an ampersand."""

    role: str  # slug of the role
    name: str
    kind: str = ""  # of a cast credit: a value of Credit.Kind, if stated
    character: str = ""
    credited_as: str = ""  # the name on the screen, if it is another one
    note: str = ""  # such as “uncredited”
    team: Hashable = None
    for_some_episodes: bool = False  # of a series or season, not known which

    @property
    def label(self) -> str:
        """The name with what the credit says of it: “A One (as A. Doe, uncredited)”."""
        scope = "for some episodes" if self.for_some_episodes else ""
        details = [f"as {self.credited_as}" if self.credited_as else "", scope, self.note]
        text = ", ".join(filter(None, details))
        return f"{self.name} ({text})" if text else self.name


@dataclass
class EpisodeClaim:
    """What one row of a table states about an episode. ``errors`` and ``notes`` are complete sentences.

    A row with errors cannot be saved; notes say what was left out. ``doubtful`` are fields whose value may be a
    placeholder, such as the title “Unknown”.
    """

    number: int | None = None
    values: dict[str, FieldValue] = field(default_factory=dict)  # by field name; empty values are not stated
    credits: list[CreditClaim] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    doubtful: set[str] = field(default_factory=set)
