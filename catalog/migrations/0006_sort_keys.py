"""Sort keys of names and titles, filled for the rows that exist.

What follows is a copy of ``catalog.models.sort_key`` as it was at this migration.
"""

import re

from anyascii import anyascii
from django.db import migrations, models

import catalog.models.sort_key

BATCH_SIZE = 10_000
SOURCES = {
    "alias": ["name"],
    "alternativetitle": ["title"],
    "character": ["name"],
    "company": ["name"],
    "country": ["name"],
    "department": ["name"],
    "episode": ["title"],
    "genre": ["name"],
    "language": ["name"],
    "person": ["sort_name", "name"],
    "role": ["name"],
    "series": ["sort_title", "title"],
    "song": ["title", "artist"],
    "source": ["publisher", "title"],
}
ARTICLES = set("the a an das der det een eine el ett gli het il l' la las le les los una une unha unos 't".split())
NO_ARTICLE_BEFORE = {
    "a": {"&", "and", "as", "is", "la", "or", "plus", "to"},
    "el": {"camino", "dorado", "paso", "salvador"},
    "la": {"brea", "jolla", "la", "paz"},
    "las": {"vegas"},
    "le": {"mans"},
    "los": {"alamos", "angeles", "ángeles"},
}


def without_article(title):
    title = re.sub(r"^(?!['’]t )[^\w\s]+\s*", "", title) or title
    match = re.match(r"(\w+['’]|'t\s|’t\s|\w+-|\w+\s)\s*(?=\S)", title)
    if match is None:
        return title
    article, rest = match[1].strip(), title[match.end() :]
    folded = article.casefold().replace("’", "'")
    next_word = rest.split()[0].casefold().rstrip(",:;.!?")
    if folded not in ARTICLES or next_word in NO_ARTICLE_BEFORE.get(folded, ()):
        return title
    if folded not in ("the", "a", "an") and article not in (article.lower(), article.capitalize()) and not title.isupper():
        return title
    return rest


def key_of(text):
    folded = anyascii(text).casefold()
    return " ".join(re.findall("[a-z0-9]+", folded.replace("'", "")) or folded.split())


def sort_key(name, *texts):
    if name == "person":
        texts = (texts[0] or texts[1]).split(",")
    elif name == "series":  # until now only English articles were moved to the end
        texts = [re.sub(r", (the|an?)$", "", texts[0] or texts[1], flags=re.IGNORECASE)]
    else:
        texts = [without_article(text) for text in texts]
    return "  ".join(filter(None, map(key_of, texts)))[:200]


def fill(apps, schema_editor):
    connection = schema_editor.connection
    for name, columns in SOURCES.items():
        model = apps.get_model("catalog", name)
        table, last = model._meta.db_table, model._base_manager.order_by("-pk").values_list("pk", flat=True).first()
        rows = model._base_manager.order_by().values_list("pk", *columns)
        for start in range(0, (last or 0), BATCH_SIZE):
            batch = rows.filter(pk__gt=start, pk__lte=start + BATCH_SIZE)
            keys = {pk: sort_key(name, *texts) for pk, *texts in batch}
            with connection.cursor() as cursor:
                if connection.vendor == "postgresql":
                    cursor.execute(
                        f"UPDATE {table} SET sort_key = new.sort_key "
                        f"FROM unnest(%s::bigint[], %s::text[]) AS new (id, sort_key) WHERE {table}.id = new.id",
                        [list(keys), list(keys.values())],
                    )
                else:
                    cursor.executemany(
                        f"UPDATE {table} SET sort_key = %s WHERE id = %s", [(key, pk) for pk, key in keys.items()]
                    )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_episode_number_ranges")]

    operations = [
        migrations.AlterModelOptions(
            name="alias",
            options={"ordering": ["sort_key", "name"], "verbose_name_plural": "aliases"},
        ),
        migrations.AlterModelOptions(
            name="alternativetitle",
            options={"ordering": ["kind", "sort_key", "title"]},
        ),
        migrations.AlterModelOptions(
            name="character",
            options={"ordering": ["sort_key", "slug"]},
        ),
        migrations.AlterModelOptions(
            name="company",
            options={"ordering": ["sort_key", "slug"], "verbose_name_plural": "companies"},
        ),
        migrations.AlterModelOptions(
            name="country",
            options={"ordering": ["sort_key", "name"], "verbose_name_plural": "countries"},
        ),
        migrations.AlterModelOptions(
            name="department",
            options={"ordering": ["position", "sort_key", "name"]},
        ),
        migrations.AlterModelOptions(
            name="genre",
            options={"ordering": ["sort_key", "name"]},
        ),
        migrations.AlterModelOptions(
            name="language",
            options={"ordering": ["sort_key", "name"]},
        ),
        migrations.AlterModelOptions(
            name="person",
            options={"ordering": ["sort_key", "slug"], "verbose_name_plural": "people"},
        ),
        migrations.AlterModelOptions(
            name="role",
            options={"ordering": ["department__position", "position", "sort_key", "name"]},
        ),
        migrations.AlterModelOptions(
            name="series",
            options={
                "ordering": ["sort_key", "slug"],
                "permissions": [("publish", "Can publish records of any kind, and change published ones")],
                "verbose_name_plural": "series",
            },
        ),
        migrations.AlterModelOptions(
            name="song",
            options={"ordering": ["sort_key", "slug"]},
        ),
        migrations.AlterModelOptions(
            name="source",
            options={"ordering": ["sort_key", "slug"]},
        ),
        *(
            migrations.AddField(model_name=name, name="sort_key", field=catalog.models.sort_key.SortKeyField())
            for name in SOURCES
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="person",
            name="sort_name",
            field=models.CharField(blank=True, help_text="Family name first. Guessed when left empty.", max_length=180),
        ),
        migrations.AlterField(
            model_name="series",
            name="sort_title",
            field=models.CharField(blank=True, help_text="Guessed when left empty.", max_length=210),
        ),
        *(
            migrations.AddIndex(model_name=name, index=models.Index(fields=["sort_key"], name=f"{name}_sort_key"))
            for name in ("character", "company", "episode", "person", "series", "song", "source")
        ),
    ]
