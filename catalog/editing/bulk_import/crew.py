"""Stages of a bulk import after the principals: title.crew, and the credits on series."""

from collections.abc import Iterator

from catalog.editing.bulk_import.job import Job
from catalog.editing.bulk_import.principals import TitleOwners
from catalog.editing.bulk_import.progress import scratch_inserter
from catalog.editing.bulk_import.rows import RowInserter, execute, literal
from catalog.editing.bulk_import.values import id_number
from catalog.models import Credit, Role
from catalog.sources.imdb import CREW_COLUMNS
from catalog.sources.role_words import is_for_some_episodes

# title.crew repeats principals without their jobs: only people are added who have no such role on the title. A join,
# as the credits have no index yet: the database makes a temporary one.
NEW_CREW = """
FROM (SELECT DISTINCT title, person FROM bulk_import_crew WHERE role = {role}) c
LEFT JOIN (
    SELECT episode_id AS title, person_id AS person FROM "catalog_credit" WHERE role_id IN ({same})
    UNION SELECT title, person FROM bulk_import_series_credit WHERE role IN ({same})
) p ON p.title = c.title AND p.person = c.person
"""
ADD_TO_EPISODES = """
INSERT INTO "catalog_credit" ({columns})
SELECT c.person, {role}, c.title{values} {new_crew} JOIN "catalog_episode" e ON e.id = c.title WHERE p.person IS NULL
"""
ADD_TO_SERIES = """
INSERT INTO bulk_import_series_credit
SELECT {number} + ROW_NUMBER() OVER (ORDER BY c.title, c.person), c.title, c.title, c.person, {role},
    NULL, '', '', {for_some}
{new_crew} JOIN "catalog_series" s ON s.id = c.title WHERE p.person IS NULL
"""
ADD_SERIES_CREDITS = """
INSERT INTO "catalog_credit" ({columns})
SELECT person, role, series, role_character, credited_as, note, for_some{values}
FROM bulk_import_series_credit WHERE number IN (
    SELECT MIN(number) FROM bulk_import_series_credit GROUP BY series, person, role, COALESCE(role_character, 0)
) ORDER BY number
"""


def read_crew(job: Job, position: int) -> Iterator[int]:
    """Add the directors and writers of title.crew whom the principals lack, then the credits on series."""
    roles = dict(Role.objects.values_list("slug", "pk"))
    scratch_inserter("bulk_import_crew").insert_all(_crew(job, roles))
    for slug, same in CREW_COLUMNS.values():
        role = roles.get(slug)
        if role is None:
            continue
        keys = ", ".join(str(roles[name]) for name in sorted(same) if name in roles)
        new_crew = NEW_CREW.format(role=role, same=keys)
        columns, values = _columns("person_id", "role_id", "episode_id")
        execute(ADD_TO_EPISODES.format(columns=columns, values=values, role=role, new_crew=new_crew))
        number = execute("SELECT COALESCE(MAX(number), 0) FROM bulk_import_series_credit")[0][0]
        for_some = str(is_for_some_episodes(slug)).upper()
        execute(ADD_TO_SERIES.format(number=number, role=role, for_some=for_some, new_crew=new_crew))
    columns, values = _columns(
        *("person_id", "role_id", "series_id", "character_id", "credited_as", "note", "for_some_episodes")
    )
    execute(ADD_SERIES_CREDITS.format(columns=columns, values=values))
    yield from ()


def _columns(*columns: str) -> tuple[str, str]:
    """The columns of credits, and the values of those that are not among ``columns``, as SQL."""
    constants = RowInserter.of(Credit, *columns).constants
    names = ", ".join((*columns, *constants))
    return names, "".join(f", {literal(value)}" for value in constants.values())


def _crew(job: Job, roles: dict[str, int]) -> Iterator[tuple[int, int, int]]:
    owners = TitleOwners()
    for tconst, *cells in job.rows("title.crew", "tconst", *CREW_COLUMNS):
        title = id_number(tconst, "tt")
        if title is None or owners.find(title) is None:
            continue
        for names, (slug, _) in zip(cells, CREW_COLUMNS.values(), strict=True):
            for name in filter(None, names.split(",")):
                person = id_number(name, "nm")
                if person is not None and slug in roles:
                    yield title, person, roles[slug]
