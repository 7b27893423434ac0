"""Who made which episode: a row for each person, a place for each episode."""

from dataclasses import dataclass, field

from catalog.models import WRITING

WIDEST = 60  # columns that can still be told apart on a wide page


@dataclass
class Row:
    """A person (or a kind of work), with the columns in which they did it, from 0."""

    label: str
    url: str
    places: list = field(default_factory=list)


@dataclass(frozen=True)
class Matrix:
    """Columns are episodes; ``parts`` are (name, kind of mark, rows)."""

    columns: list
    parts: list

    def x(self, place):
        """Where a column stands, in percent of the width."""
        return f"{100 * (place + 0.5) / len(self.columns):.2f}%"

    def titles(self, row):
        """The episodes of a row in words."""
        return ", ".join(str(self.columns[place].number) for place in row.places)


def who_made_which(episodes, credits):
    """Directors and writers of ``episodes`` by their own credits; None when there is nothing to compare."""
    if not 1 < len(episodes) <= WIDEST:
        return None
    place = {episode.pk: number for number, episode in enumerate(episodes)}
    parts = []
    for name, mark, roles in (
        ("Directors", "d", ("director",)),
        ("Writers", "w", WRITING),
    ):
        rows = {}
        for credit in sorted(credits, key=lambda c: (place.get(c.episode_id, 0), c.billing or 0)):
            if credit.episode_id in place and credit.role.slug in roles:
                row = rows.setdefault(credit.person_id, Row(credit.person.name, credit.person.get_absolute_url()))
                if place[credit.episode_id] not in row.places:
                    row.places.append(place[credit.episode_id])
        if rows:
            parts.append((name, mark, list(rows.values())))
    return Matrix(episodes, parts) if parts else None


def work_on(episodes, work):
    """One person's work on a series: ``work`` is (label, mark, {episode ids}) for each kind."""
    place = {episode.pk: number for number, episode in enumerate(episodes)}
    rows = [
        (label, mark, [Row(label, "", sorted(place[pk] for pk in pks if pk in place))]) for label, mark, pks in work
    ]
    return Matrix(episodes, rows) if 1 < len(episodes) <= WIDEST else None
