"""What cannot be restored is refused in one line."""

import json
import zipfile

import pytest
from django.core.management import CommandError, call_command

from catalog.tests.formats.backup.site_rows import edit_manifest, empty_site, rewrite, stored_rows, zip_members
from catalog.tests.sample_images import stored_files

pytestmark = pytest.mark.django_db


def cut(path):
    path.write_bytes(path.read_bytes()[:-100])


def flip(path):
    content = bytearray(path.read_bytes())
    content[zipfile.ZipFile(path).getinfo("tables/catalog.Series.jsonl").header_offset + 80] ^= 0xFF
    path.write_bytes(content)


def replace_rows(path):
    rewrite(path, zip_members(path) | {"tables/catalog.Series.jsonl": b"[]\n"})


def drop_picture(path):
    rewrite(path, {name: content for name, content in zip_members(path).items() if not name.endswith(".avif")})


def drop_manifest(path):
    rewrite(path, {name: content for name, content in zip_members(path).items() if name != "manifest.json"})


def name_outside(path):
    members = zip_members(path)
    files = json.loads(members["manifest.json"])["files"]
    name = next(name for name in files if name.endswith(".jpg"))
    rewrite(path, members | {"pictures/../../x.jpg": members[name]})
    edit_manifest(path, files=files | {"pictures/../../x.jpg": files[name]})


def later_migration(path):
    migrations = json.loads(zip_members(path)["manifest.json"])["migrations"]
    edit_manifest(path, migrations=[*migrations, "catalog.9999_colour"])


def earlier_migration(path):
    migrations = json.loads(zip_members(path)["manifest.json"])["migrations"]
    edit_manifest(path, migrations=[name for name in migrations if name != "catalog.0003_edits"])


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (cut, "is no backup, or its end is missing"),
        (lambda path: path.write_text("no backup"), "is no backup, or its end is missing"),
        (lambda path: path.unlink(), "cannot be read: No such file"),
        (flip, "The backup is damaged: tables/catalog.Series.jsonl"),
        (replace_rows, "tables/catalog.Series.jsonl does not have the content of its checksum"),
        (drop_picture, r"The backup is damaged: pictures/\S+.avif is missing"),
        (drop_manifest, "manifest.json is missing"),
        (name_outside, r"pictures/../../x.jpg is no name of a picture"),
        (lambda path: edit_manifest(path, format=2), "by a later version"),
        (later_migration, "another version, which has the migration catalog.9999_colour"),
        (earlier_migration, "another version, which lacks the migration catalog.0003_edits"),
    ],
)
def test_what_cannot_be_restored_is_refused_in_one_line(small_site, damage, message):
    empty_site()
    damage(small_site)
    with pytest.raises(CommandError, match=message) as error:
        call_command("restore", small_site)
    assert str(error.value).endswith("No row was restored.")
    assert len(str(error.value).splitlines()) == 1
    assert not any(rows for label, rows in stored_rows().items() if label.partition(".")[0] == "catalog")
    assert stored_files() == {}
