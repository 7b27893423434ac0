"""Recording artists: the text ``artist`` of songs becomes a foreign key. Equal texts are one artist.

The change log refers to the artists too. A text that only the log has becomes an artist that is deleted, so that the
history shows it and it can be restored. What follows does not depend on application code that changes: rows are
written in bulk, as signals would call the present change log and search.
"""

from importlib import import_module

import django.db.models.deletion
from anyascii import anyascii
from django.db import migrations, models
from django.utils import timezone
from django.utils.text import slugify

import catalog.models.sort_key

sort_key = import_module("catalog.migrations.0006_sort_keys").sort_key  # released migrations are never edited
BATCH_SIZE = 500


def free_slug(name, slugs):
    slug = slugify(anyascii(name))
    if len(slug) > 110:
        slug = slug[:110].rpartition("-")[0] or slug[:110]
    slug = slug or "artist"
    free = next(text for text in (slug, *(f"{slug}-{n}" for n in range(2, len(slugs) + 3))) if text not in slugs)
    slugs.add(free)
    return free


class Artists:
    """The artists by name, made when they are first asked for."""

    def __init__(self, model):
        self.model, self.slugs, self.by_name = model, set(), {}

    def add(self, name):
        key = sort_key("artist", name)
        artist = self.model(name=name, slug=free_slug(name, self.slugs), sort_key=key)
        return self.model.objects.bulk_create([artist])[0]

    def get(self, name):
        if name not in self.by_name:
            self.by_name[name] = self.add(name)
        return self.by_name[name]


def give_songs_their_artists(apps, schema_editor):
    artists = Artists(apps.get_model("catalog", "artist"))
    songs, earlier = [], set()
    for song in apps.get_model("catalog", "song").objects.order_by("pk"):
        name = song.artist_name.strip()
        if (song.title, name, song.note) in earlier or not (song.title or name):  # differs by spaces alone: kept apart
            song.artist = artists.add(name or song.artist_name)
        elif name:
            song.artist = artists.get(name)
        earlier.add((song.title, name, song.note))
        song.sort_key = sort_key("song", song.title) or "~"
        songs.append(song)
    apps.get_model("catalog", "song").objects.bulk_update(songs, ["artist", "sort_key"], batch_size=BATCH_SIZE)
    used = {artist.pk for artist in artists.by_name.values()}

    def to_key(name):
        return artists.get(name.strip()).pk if name and name.strip() else None

    rewrite_log(apps, "artist", "artist_id", to_key)
    for artist in artists.by_name.values():
        if artist.pk not in used:
            delete_with_log_entry(apps, artist)


def delete_with_log_entry(apps, artist):
    before = {"id": artist.pk, "slug": artist.slug, "name": artist.name, "note": artist.note}
    change = apps.get_model("catalog", "change")
    entry = {"kind": "artist", "record_id": artist.pk, "label": artist.name, "before": before}
    change.objects.bulk_create([change(at=timezone.now(), action="deleted", **entry)])
    rows = apps.get_model("catalog", "artist").objects.filter(pk=artist.pk)
    rows._raw_delete(rows.db)


def rewrite_log(apps, old, new, convert):
    """Rename a column of songs in the change log, with its values converted."""
    changes, log = [], apps.get_model("catalog", "change").objects
    for change in log.filter(kind="song").iterator(chunk_size=BATCH_SIZE):
        for values in filter(None, (change.before, change.after)):
            if old in values:
                values[new] = convert(values.pop(old))
                if new == "artist_id" and values[new] and ["artist", values[new]] not in change.touches:
                    change.touches = sorted([*change.touches, ["artist", values[new]]])
        if new != "artist_id":
            change.touches = [reference for reference in change.touches if reference[0] != "artist"]
        change.fields = sorted(new if name == old else name for name in change.fields)
        changes.append(change)
    log.bulk_update(changes, ["before", "after", "fields", "touches"], batch_size=BATCH_SIZE)


def give_songs_the_names(apps, schema_editor):
    songs = list(apps.get_model("catalog", "song").objects.select_related("artist"))
    earlier = set()
    for song in songs:
        song.artist_name = song.artist.name if song.artist else ""
        if (song.title, song.artist_name, song.note) in earlier:  # of two artists of one name
            song.artist_name += f" ({song.artist.slug})"
        earlier.add((song.title, song.artist_name, song.note))
        song.sort_key = sort_key("song", song.title, song.artist_name)
    apps.get_model("catalog", "song").objects.bulk_update(songs, ["artist_name", "sort_key"], batch_size=BATCH_SIZE)
    deleted = apps.get_model("catalog", "change").objects.filter(kind="artist", action="deleted")
    names = dict(deleted.values_list("record_id", "label"))
    names |= dict(apps.get_model("catalog", "artist").objects.values_list("pk", "name"))
    rewrite_log(apps, "artist_id", "artist", lambda key: names.get(key, ""))


def permit_artists_as_songs(apps, schema_editor):
    """Who may add, change, delete or view songs may do so with artists. In a new database nobody may yet."""
    permissions = apps.get_model("auth", "permission").objects
    kind, _ = apps.get_model("contenttypes", "contenttype").objects.get_or_create(app_label="catalog", model="artist")
    for permission in permissions.filter(content_type__app_label="catalog", content_type__model="song"):
        action = permission.codename.partition("_")[0]
        of_artists, _ = permissions.get_or_create(
            content_type=kind, codename=f"{action}_artist", defaults={"name": f"Can {action} recording artist"}
        )
        of_artists.group_set.add(*permission.group_set.all())
        of_artists.user_set.add(*permission.user_set.all())


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("catalog", "0012_credits_for_some_episodes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Artist",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.SlugField(
                        blank=True,
                        help_text="Part of the address. Made from the name when left empty; keep it once it is public.",
                        max_length=120,
                        unique=True,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "note",
                    models.CharField(
                        blank=True, help_text="What tells the artist from another one of the name.", max_length=200
                    ),
                ),
                ("sort_key", catalog.models.sort_key.SortKeyField()),
            ],
            options={
                "ordering": ["sort_key", "slug"],
                "verbose_name": "recording artist",
                "indexes": [models.Index(fields=["sort_key"], name="artist_sort_key")],
            },
        ),
        migrations.RemoveConstraint(model_name="song", name="song_has_a_title_or_an_artist"),
        migrations.RemoveConstraint(model_name="song", name="one_song_of_a_title_and_artist"),
        migrations.RenameField(model_name="song", old_name="artist", new_name="artist_name"),
        migrations.AddField(
            model_name="song",
            name="artist",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="songs",
                to="catalog.artist",
                verbose_name="recording artist",
            ),
        ),
        migrations.RunPython(give_songs_their_artists, give_songs_the_names),
        migrations.RunPython(permit_artists_as_songs, migrations.RunPython.noop),
        migrations.RemoveField(model_name="song", name="artist_name"),
        migrations.AddConstraint(
            model_name="song",
            constraint=models.CheckConstraint(
                condition=models.Q(("artist", None), ("title", ""), _negated=True),
                name="song_has_a_title_or_an_artist",
                violation_error_message="Give the title or the artist, or both.",
            ),
        ),
        migrations.AddConstraint(
            model_name="song",
            constraint=models.UniqueConstraint(
                fields=("title", "artist", "note"),
                name="one_song_of_a_title_and_artist",
                violation_error_message="This recording is there already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="song",
            constraint=models.UniqueConstraint(
                condition=models.Q(("artist", None)),
                fields=("title", "note"),
                name="one_song_of_a_title_without_artist",
                violation_error_message="This recording is there already.",
            ),
        ),
    ]
