"""Files of pictures that nobody will ask for any more."""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from catalog.models import Change, Picture
from catalog.renditions import PICTURE_FOLDER

KEEP_DAYS = 90  # days for which a deletion or another file can be taken back
UNDER_WAY = timedelta(days=1)  # a file that is younger may be of an upload that is not saved yet


def delete_unused_files(days=KEEP_DAYS, using="default"):
    """Remove files that no picture has, nor had in the last ``days`` days. Returns their names.

    Also what a process left that was killed between writing files and saving the row.
    """
    now = timezone.now()
    wanted = set(Picture.objects.using(using).values_list("file", flat=True))
    log = Change.objects.using(using).filter(kind="picture", at__gte=now - timedelta(days=days))
    wanted |= {before["file"] for before in log.values_list("before", flat=True) if before and before.get("file")}
    stems = {name.rpartition(".")[0] for name in wanted}
    cleared = []
    for path in _files():
        stem = path.rpartition(".")[0]
        is_wanted = not stems.isdisjoint((stem, stem.rpartition("-")[0]))  # the copy, or a rendition with its width
        if not is_wanted and now - default_storage.get_modified_time(path) > UNDER_WAY:
            default_storage.delete(path)
            cleared.append(path)
    return sorted(cleared)


def _files():
    """All files of pictures: each lies in a folder by the beginning of its name."""
    if not default_storage.exists(PICTURE_FOLDER):
        return
    for folder in default_storage.listdir(PICTURE_FOLDER)[0]:
        for name in default_storage.listdir(f"{PICTURE_FOLDER}/{folder}")[1]:
            yield f"{PICTURE_FOLDER}/{folder}/{name}"
