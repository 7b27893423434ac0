"""Delete the files of pictures that were deleted or replaced long ago, and what killed processes left behind."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from catalog.models import Change, Picture
from catalog.renditions import PICTURE_FOLDER

KEEP_DAYS = 90  # how long the deletion or replacement of a picture can be undone
MIN_FILE_AGE = timedelta(days=1)  # a younger file may belong to an upload whose row is not saved yet


def delete_unused_files(days: int = KEEP_DAYS, min_age: timedelta = MIN_FILE_AGE, using: str = "default") -> list[str]:
    """Delete picture files that no picture has used in the last ``days`` days; return their names, sorted.

    This includes whole and half-written files of a process that was killed before it saved the row. Younger files than
    ``min_age`` stay.
    """
    now = timezone.now()
    used = set(Picture.objects.using(using).values_list("file", flat=True))
    log = Change.objects.using(using).filter(kind="picture", at__gte=now - timedelta(days=days))
    used |= {before["file"] for before in log.values_list("before", flat=True) if before and before.get("file")}
    used_stems = {name.rpartition(".")[0] for name in used}
    deleted = []
    for path in picture_files():
        stem = path.rpartition(".")[0]
        is_used = not used_stems.isdisjoint((stem, stem.rpartition("-")[0]))  # a rendition's name ends in its width
        if not is_used and now - default_storage.get_modified_time(path) >= min_age:
            default_storage.delete(path)
            deleted.append(path)
    return sorted(deleted)


def delete_interrupted_uploads(min_age: timedelta = MIN_FILE_AGE) -> list[str]:
    """Delete the temporary files of uploads whose process was killed, from ``min_age`` on; return their names."""
    now, deleted = timezone.now().timestamp(), []
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir():
        if path.is_file() and now - path.stat().st_mtime >= min_age.total_seconds():
            path.unlink(missing_ok=True)
            deleted.append(path.name)
    return sorted(deleted)


def picture_files() -> Iterator[str]:
    """All files in PICTURE_FOLDER, each in a subfolder named after the beginning of its name."""
    if not default_storage.exists(PICTURE_FOLDER):
        return
    for folder in default_storage.listdir(PICTURE_FOLDER)[0]:
        for name in default_storage.listdir(f"{PICTURE_FOLDER}/{folder}")[1]:
            yield f"{PICTURE_FOLDER}/{folder}/{name}"
