"""A person's work on some series: strips by episode, and the credits by department, cut to what a page can hold."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from catalog.models import Credit, Department, Person, Role, Series, page_queries
from catalog.models.credit import CAST_DEPARTMENT
from catalog.models.episode import EpisodeColumn
from catalog.views.presenters.credit_matrix import MAX_COLUMNS, Matrix, person_matrix
from catalog.views.presenters.credits import credit_remarks

MAX_CREDITS = 180  # listed on a page
MARKS = {"Director": "d", "Writer": "w"}


@dataclass
class DepartmentWork:
    """A person's credits in a department of a series: how many there are, and the first of them with remarks."""

    department: Department
    total: int
    rows: list[tuple[Credit, list[str]]] = field(default_factory=list)

    @property
    def facet(self) -> str:
        """The facet by which the list of episodes shows the others."""
        return "cast" if self.department.slug == CAST_DEPARTMENT else "crew"


@dataclass(frozen=True)
class SeriesWork:
    """A person's work on a series, with a strip by episode unless it has one episode or too many."""

    series: Series
    matrix: Matrix | None
    departments: list[DepartmentWork]

    @property
    def total(self) -> int:
        """The number of credits."""
        return sum(department.total for department in self.departments)


def person_work(person: Person, series: Sequence[Series], roles: dict[int, Role]) -> list[SeriesWork]:
    """The work of ``person`` on each of ``series``, by a fixed number of queries; ``roles`` are all, by key."""
    keys = [item.pk for item in series]
    if not keys:
        return []
    totals = {(key, part): total for key, part, total in page_queries.person_totals_query([person.pk, *keys])}
    departments = {role.department_id: role.department for role in roles.values()}
    groups = {group: DepartmentWork(departments[group[1]], total) for group, total in totals.items()}
    listed = page_queries.first_credits_query([person.pk, rows_per_group(totals.values()), *keys])
    rows = page_queries.person_credits_query(listed)
    for credit in rows:
        credit.person, credit.role = person, roles[credit.role_id]
    add_rows(person, rows, {item.pk: item for item in series}, groups)
    matrices = series_matrices(person, keys)
    work_by_series = defaultdict(list)
    for (key, _), work in sorted(groups.items(), key=lambda item: (item[1].department.position, item[0])):
        work_by_series[key].append(work)
    return [SeriesWork(item, matrices.get(item.pk), work_by_series[item.pk]) for item in series]


def rows_per_group(totals: Iterable[int]) -> int:
    """How many rows of each group a page has room for; at least one."""
    totals, limit = list(totals), MAX_CREDITS
    while limit > 1 and sum(min(total, limit) for total in totals) > MAX_CREDITS:
        limit -= 1
    return limit


def add_rows(
    person: Person,
    credits: list[Credit],
    series: dict[int, Series],
    groups: dict[tuple[int, int], DepartmentWork],
) -> None:
    """Add a person's credits to their groups, with remarks that name the others in the same role on an episode."""
    names = defaultdict(list)
    episodes = {credit.episode_id for credit in credits if credit.episode_id}
    for episode, role, name in page_queries.co_credits_query([person.pk, *episodes]) if episodes else ():
        names[episode, role].append(name)
    for credit in sorted(credits, key=row_sort_key):
        season = credit.episode.season if credit.episode else credit.season
        key = season.series_id if season else credit.series_id or 0
        if season:
            season.series = series[key]
        else:
            credit.series = series[key]
        remarks = credit_remarks(credit, with_role=True)
        co_credited = names.get((credit.episode_id, credit.role_id)) if credit.episode_id else None
        remarks += [f"with {', '.join(co_credited)}"] if co_credited else []
        groups[key, credit.role.department_id].rows.append((credit, remarks))


def row_sort_key(credit: Credit) -> tuple:
    """The order of ``CreditQuerySet.first_of_each_department``."""
    season = credit.episode.season if credit.episode else credit.season
    number = credit.episode.number if credit.episode else -1
    billing = (credit.billing is None, credit.billing or 0)
    return (season.number if season else -1, number, credit.role.position, *billing, credit.pk)


def series_matrices(person: Person, keys: Sequence[int]) -> dict[int, Matrix | None]:
    """The person's strips by series key, of series with few enough episodes."""
    short = [key for key, total in page_queries.episode_totals_query(keys) if 1 < total <= MAX_COLUMNS]
    if not short:
        return {}
    episodes: dict[int, list[EpisodeColumn]] = {key: [] for key in short}
    for key, *values in page_queries.episode_columns_query(short):
        episodes[key].append(EpisodeColumn(*values))
    roles: defaultdict[int, defaultdict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for key, role, season_id, episode_id in page_queries.person_roles_query([person.pk, *short]):
        covered = (
            {episode_id}
            if episode_id
            else {episode.pk for episode in episodes[key] if season_id in (None, episode.season_id)}
        )
        roles[key][role] |= covered
    return {
        key: person_matrix(
            episodes[key], [(role, MARKS.get(role, "k"), pks) for role, pks in roles[key].items() if pks]
        )
        for key in short
    }
