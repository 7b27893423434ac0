"""The databases of ``bench.crashes``: files of SQLite, and a PostgreSQL server that can be stopped at any moment."""

import os
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

# Entries of the log are counted, times differ, and the search's own tables repeat its rows, which are compared.
IGNORED_TABLES = "catalog_change", "catalog_edit", "django_", "auth_", "axes_", "sign_in_log_", "sqlite_"


class Database:
    """A database that the killed processes work on. ``folder`` is for what is beside it: a backup, pictures."""

    url: str
    folder: Path

    def query(self, statement):
        """The rows of a SELECT."""
        raise NotImplementedError

    def table_names(self):
        """The names of all tables."""
        raise NotImplementedError

    def damage(self):
        """What the database itself finds broken; a list of short texts."""
        raise NotImplementedError

    def copy_to(self, name):
        """A copy, in place of an earlier one of that name, with the backup beside it."""
        raise NotImplementedError

    def wait_until_unused(self):
        """Return once nothing works for a client that was killed."""

    def reset_numbers(self, original):
        """Give new rows the primary keys again that they would get in the original, after a write that was undone."""

    def flush(self):
        """Write everything to where a copy finds it."""

    @property
    def backup(self):
        """The backup beside the database; only some kinds of work have one."""
        return self.folder / f"{self.name}.zip"

    def copy_backup_to(self, copy):
        copy.backup.unlink(missing_ok=True)
        if self.backup.exists():
            shutil.copy(self.backup, copy.backup)

    def table_rows(self):
        """(the rows of each table that is compared, the number of entries in the change log)."""
        names = [name for name in self.table_names() if not name.startswith(IGNORED_TABLES) and "_words" not in name]
        rows = {name: self.query(f'SELECT * FROM "{name}" ORDER BY 1, 2') for name in names}
        return rows, self.query("SELECT COUNT(*) FROM catalog_change")[0][0]

    def faults(self):
        """What is broken, and edits without changes; empty if all is well."""
        unfinished = self.query(
            "SELECT COUNT(*) FROM catalog_edit WHERE id NOT IN (SELECT edit_id FROM catalog_change WHERE edit_id > 0)"
        )[0][0]
        return self.damage() + [f"{unfinished} edits without changes"] * bool(unfinished)


class SQLiteFile(Database):
    """A file of SQLite."""

    def __init__(self, path):
        self.path = Path(path)
        self.folder, self.name, self.url = self.path.parent, self.path.stem, f"sqlite:///{path}"

    def query(self, statement):
        with closing(sqlite3.connect(self.path, timeout=60)) as connection:
            return connection.execute(statement).fetchall()

    def table_names(self):
        return [name for (name,) in self.query("SELECT name FROM sqlite_master WHERE type = 'table'")]

    def damage(self):
        broken = [row[0] for row in self.query("PRAGMA integrity_check") if row[0] != "ok"]
        dangling = self.query("PRAGMA foreign_key_check")
        return broken[:3] + [f"{len(dangling)} references to nothing"] * bool(dangling)

    def copy_to(self, name):
        copy = SQLiteFile(self.path.with_stem(name))
        for file in self.folder.glob(f"{name}.*"):
            file.unlink()
        shutil.copy(self.path, copy.path)
        self.copy_backup_to(copy)
        return copy

    def flush(self):
        """Move the log beside the file into it, so that the file can be copied alone."""
        with closing(sqlite3.connect(self.path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class PostgresServer:
    """A server with PostgreSQL's default guarantees on a socket in ``folder``; it does not run as root."""

    def __init__(self, folder):
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
        program = programs[-1] if programs else Path(shutil.which("initdb") or "initdb")
        self.programs, self.folder = program.parent, Path(folder)
        self.owner = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
        if self.owner:
            account = pwd.getpwnam("postgres")
            os.chown(folder, account.pw_uid, account.pw_gid)
        self.run("initdb", "-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        self.start()

    def run(self, program, *arguments):
        """Run one of PostgreSQL's programs."""
        command = [self.programs / program, *arguments]
        subprocess.run(command, cwd=self.folder, check=True, stdout=subprocess.DEVNULL, **self.owner)

    def start(self):
        """Start, and recover if it was stopped at once."""
        self.run("pg_ctl", "-D", "data", "-l", "log", "-w", "start", "-o", f"-k {self.folder} -c listen_addresses=")

    def stop(self, mode="immediate"):
        """Stop: at once, without finishing anything; the next start recovers."""
        self.run("pg_ctl", "-D", "data", "-m", mode, "-w", "stop")

    def execute(self, statement, name="postgres"):
        """The rows of a statement, outside a transaction; None if it has none."""
        with psycopg.connect(host=str(self.folder), user="postgres", dbname=name, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else None


class PostgresDatabase(Database):
    """A database of that server."""

    def __init__(self, server, name):
        self.server, self.name, self.folder = server, name, server.folder.parent
        self.url = f"postgresql://postgres@/{name}?host={quote(str(server.folder), safe='')}"

    def query(self, statement):
        return self.server.execute(statement, self.name)

    def table_names(self):
        return [name for (name,) in self.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]

    def damage(self):
        """Compare each index with its table, and read each table."""
        self.query("CREATE EXTENSION IF NOT EXISTS amcheck")
        ours = "c.relnamespace = 'public'::regnamespace"
        try:
            self.query(
                "SELECT bt_index_check(c.oid, true) FROM pg_class c JOIN pg_am m ON m.oid = c.relam "
                f"WHERE m.amname = 'btree' AND c.relkind = 'i' AND {ours}"
            )
            rows = self.query(f"SELECT h.msg FROM pg_class c, verify_heapam(c.oid) h WHERE c.relkind = 'r' AND {ours}")
        except psycopg.Error as error:
            return [str(error).splitlines()[0]]
        return [message for (message,) in rows][:3]

    def copy_to(self, name):
        copy = PostgresDatabase(self.server, name)
        self.server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self.wait_until_unused()
        self.server.execute(f"CREATE DATABASE {name} TEMPLATE {self.name}")
        self.copy_backup_to(copy)
        return copy

    def reset_numbers(self, original):
        """Set the sequences, which do not go back when a transaction is undone."""
        statement = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
        for name, last in original.query(statement):
            self.query(f"SELECT setval('{name}', {last or 1}, {last is not None})")

    def wait_until_unused(self):
        """Return once no process of the server works for this database: that of a killed client may last a moment."""
        in_use = f"SELECT 1 FROM pg_stat_activity WHERE datname = '{self.name}' AND backend_type = 'client backend'"
        while self.server.execute(in_use):
            time.sleep(0.05)


@contextmanager
def temporary_database(is_postgres):
    """An empty database in a new folder."""
    with tempfile.TemporaryDirectory() as folder:
        if not is_postgres:
            yield SQLiteFile(Path(folder) / "original.sqlite3")
            return
        Path(folder).chmod(0o711)  # for the account of the server
        (Path(folder) / "server").mkdir()
        server = PostgresServer(Path(folder) / "server")
        try:
            server.execute("CREATE DATABASE original")
            yield PostgresDatabase(server, "original")
        finally:
            server.stop()
