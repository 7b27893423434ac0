"""The site's settings with all its files in the folder of MEDIA_ROOT, so that a bench touches nothing in var/."""

from soundtrack_site.settings import *  # noqa: F403
from soundtrack_site.settings import MEDIA_ROOT, STORAGES

FILE_UPLOAD_TEMP_DIR = MEDIA_ROOT.parent / "uploads"
STATIC_ROOT = MEDIA_ROOT.parent / "static"
for folder in (FILE_UPLOAD_TEMP_DIR, STATIC_ROOT):
    folder.mkdir(exist_ok=True)
INDEX_ROOT, IMPORT_ROOT = MEDIA_ROOT.parent / "facet_index", MEDIA_ROOT.parent / "imports"
# Files of the application, without the names that collectstatic gives them.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
