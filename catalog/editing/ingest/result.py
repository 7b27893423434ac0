"""What an import from sources wrote, and what it left."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Model

MAX_NAMED = 10  # facts named in one sentence; the rest is counted


@dataclass
class ImportResult:
    """Counts of what was written, and in words what was not. ``sentences`` says all of it.

    ``added`` counts new records and rows by model. A fact that is left is “S01E03, director: Ann Lee (TVmaze)”.
    """

    added: Counter[type[Model]] = field(default_factory=Counter)
    changed: list[str] = field(default_factory=list)  # facts of existing records
    cited: int = 0  # facts that have a citation more, or one that holds again
    disputed: int = 0  # citations with a claim that differs
    differing: list[str] = field(default_factory=list)  # not taken: something else is recorded, or was taken
    unsure: list[str] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)  # complete sentences
    not_added: list[str] = field(default_factory=list)  # new records of which nothing is ticked
    published: list[str] = field(default_factory=list)  # records that the user may not change
    refused: list[str] = field(default_factory=list)  # complete sentences: ticked, but it breaks a rule

    @property
    def is_empty(self) -> bool:
        """True if nothing was written."""
        return not (self.added or self.changed or self.cited or self.disputed)

    def sentences(self) -> list[str]:
        """What was written and what was left."""
        return [*self.written_sentences(), *self.left_sentences(), *self.unmapped]

    def written_sentences(self) -> list[str]:
        """What was written."""
        counts = [
            f"{count:,} {model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural}"
            for model, count in self.added.items()
        ]
        sentences = ["Nothing had to be written."] if self.is_empty else []
        sentences += [f"Added: {', '.join(counts)}."] if counts else []
        sentences += _listed("Changed", self.changed)
        sentences += [f"{self.cited:,} fact{'' if self.cited == 1 else 's'} cited."] if self.cited else []
        if self.disputed:
            sentences.append(f"{self.disputed:,} differing claim{'' if self.disputed == 1 else 's'} noted as disputed.")
        return sentences

    def left_sentences(self) -> list[str]:
        """What was left, without what has no place in the catalogue."""
        sentences = _listed("Left as it is recorded, though a source differs", self.differing)
        sentences += _listed("Left because it is not sure", self.unsure)
        sentences += _listed("Not added, because nothing of it is ticked", self.not_added)
        sentences += _listed("Left because it is published, which only users who may publish change", self.published)
        return [*sentences, *self.refused]


def _listed(label: str, facts: Sequence[str]) -> list[str]:
    """A sentence that names the first facts and counts the rest; none for no facts."""
    facts = list(dict.fromkeys(facts))
    rest = f"; and {len(facts) - MAX_NAMED:,} more" if len(facts) > MAX_NAMED else ""
    return [f"{label}: {'; '.join(facts[:MAX_NAMED])}{rest}."] if facts else []
