"""How far a bulk import is, stored in the database with what it has read, in tables that its end drops."""

import json
from dataclasses import asdict, dataclass, field

from django.db import connection

from catalog.editing.bulk_import.rows import RowInserter, execute

PROGRESS_TABLE = "bulk_import_progress"
TEXT = "text"
# What files state, until it becomes records: {table: {column: type}}. They are dropped at the end of the import.
SCRATCH_TABLES = {
    "bulk_import_title": {
        **{"id": "bigint", "kind": TEXT, "title": TEXT, "original": TEXT},
        **{"begin": TEXT, "finish": TEXT, "runtime": TEXT, "genres": TEXT},
    },
    "bulk_import_position": {"id": "bigint", "series": "bigint", "season": "integer", "number": "integer"},
    "bulk_import_character": {"id": "bigint", "series": "bigint", "name": TEXT},
    "bulk_import_character_slug": {"id": "bigint", "series": "bigint", "name": TEXT, "base": TEXT},
    "bulk_import_series_credit": {
        **{"number": "bigint", "title": "bigint", "series": "bigint", "person": "bigint", "role": "bigint"},
        **{"role_character": "bigint", "credited_as": TEXT, "note": TEXT, "for_some": "boolean"},
    },
    "bulk_import_crew": {"title": "bigint", "person": "bigint", "role": "bigint"},
    "bulk_import_person": {"id": "bigint", "name": TEXT, "born": TEXT, "died": TEXT, "base": TEXT},
    "bulk_import_other_title": {
        **{"number": "bigint", "title_id": "bigint", "title": TEXT, "kind": TEXT},
        **{"language_id": "bigint", "note": TEXT},
    },
}
MAX_EXAMPLES = 5
Omission = tuple[int, list[str]]


@dataclass
class Progress:
    """What is done, and what was left out: {sentence: (how often, examples)}."""

    files: list[list[object]]  # name and size of each
    series: list[str]  # ids of those that are imported; empty: all
    log_version: int  # of the change log at the beginning
    indexes: list[list[str]] = field(default_factory=list)  # (to drop, to create)
    stage: int = 0
    position: int = 0  # in the stage
    totals: dict[str, int] = field(default_factory=dict)  # rows by what they are
    omissions: dict[str, Omission] = field(default_factory=dict)

    def omit(self, sentence: str, example: str, count: int = 1) -> None:
        """Count something that is left out."""
        total, examples = self.omissions.get(sentence, (0, []))
        if example and len(examples) < MAX_EXAMPLES and example not in examples:
            examples.append(example)
        self.omissions[sentence] = total + count, examples

    def save(self) -> None:
        """Store the state, in the transaction of what it describes."""
        execute(f"UPDATE {PROGRESS_TABLE} SET state = %s", [json.dumps(asdict(self))])


def load_progress() -> Progress | None:
    """The state of an import that is not finished, or None."""
    with connection.cursor() as cursor:
        if PROGRESS_TABLE not in connection.introspection.table_names(cursor):
            return None
    return Progress(**json.loads(execute(f"SELECT state FROM {PROGRESS_TABLE}")[0][0]))


def create_scratch_tables(progress: Progress) -> None:
    """Create the tables of an import and store its state."""
    collation = ' COLLATE "C"' if connection.vendor == "postgresql" else ""
    for table, columns in SCRATCH_TABLES.items():
        definitions = (f"{name} {kind}{collation if kind == TEXT else ''}" for name, kind in columns.items())
        execute(f"CREATE TABLE {table} ({', '.join(definitions)})")
    execute(f"CREATE TABLE {PROGRESS_TABLE} (state text)")
    execute(f"INSERT INTO {PROGRESS_TABLE} VALUES (%s)", ["{}"])
    progress.save()


def drop_scratch_tables() -> None:
    """Drop the tables of an import."""
    for table in (*SCRATCH_TABLES, PROGRESS_TABLE):
        execute(f"DROP TABLE {table}")


def scratch_inserter(table: str) -> RowInserter:
    r"""Inserts rows of all columns of a table of the import; the text ``\N`` is NULL."""
    return RowInserter(table, list(SCRATCH_TABLES[table]), has_null_text=True)
