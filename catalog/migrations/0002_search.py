"""The tables of the search index; ``manage.py setup`` and ``rebuild_search`` fill them."""

from django.db import migrations

KINDS = ("series", "episode", "person", "character", "company")

SQLITE = """
CREATE TABLE {t} (place integer PRIMARY KEY, record integer NOT NULL UNIQUE, tokens text NOT NULL);
CREATE VIRTUAL TABLE {t}_words USING fts5(tokens, content='{t}', content_rowid='place', detail=none, columnsize=0, prefix='1 2 3 4', tokenize="ascii tokenchars '=@#~'");
CREATE TRIGGER {t}_added AFTER INSERT ON {t} BEGIN INSERT INTO {t}_words (rowid, tokens) VALUES (new.place, new.tokens); END;
CREATE TRIGGER {t}_gone AFTER DELETE ON {t} BEGIN INSERT INTO {t}_words ({t}_words, rowid, tokens) VALUES ('delete', old.place, old.tokens); END
"""
POSTGRESQL = """
CREATE TABLE {t} (place bigint PRIMARY KEY, record bigint NOT NULL UNIQUE, tokens text NOT NULL, words tsvector NOT NULL);
CREATE INDEX {t}_words ON {t} USING gin (words) WITH (gin_pending_list_limit = 256)
"""

TERMS = {
    "sqlite": "CREATE TABLE catalog_search_term (kind text NOT NULL, term text NOT NULL, PRIMARY KEY (kind, term)) WITHOUT ROWID",
    "postgresql": 'CREATE TABLE catalog_search_term (kind text COLLATE "C" NOT NULL, term text COLLATE "C" NOT NULL, PRIMARY KEY (kind, term))',
}


def statements(text, kind):
    text = text.strip().replace("{t}", f"catalog_search_{kind}")
    return text.split(";\n")


def make(apps, schema_editor):
    schema_editor.execute(TERMS[schema_editor.connection.vendor], None)
    text = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
    for kind in KINDS:
        for statement in statements(text, kind):
            schema_editor.execute(statement, None)


def drop(apps, schema_editor):
    for kind in KINDS:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TABLE catalog_search_{kind}_words", None)
        schema_editor.execute(f"DROP TABLE catalog_search_{kind}", None)
    schema_editor.execute("DROP TABLE catalog_search_term", None)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]

    operations = [migrations.RunPython(make, drop)]
