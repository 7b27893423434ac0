"""Keeps an upload from its dry run to its import: outside the site, for an hour, for the editor who sent it."""

import json
import os
import re
import secrets
import tempfile
import time
from pathlib import Path

from import_export.tmp_storages import BaseStorage

HOUR = 3600
NAME = re.compile(r"[A-Za-z0-9_-]{32}")


def folder():
    """Where uploads are kept: readable by the site's own account alone."""
    path = Path(tempfile.gettempdir()) / f"liner-imports-{os.getuid()}"
    path.mkdir(mode=0o700, exist_ok=True)
    if path.stat().st_uid != os.getuid():
        raise PermissionError(f"{path} is somebody else's")
    return path


class Upload(BaseStorage):
    """A file by a name that nobody guesses, with what its dry run found beside it."""

    @property
    def path(self):
        """Where the file is."""
        if not NAME.fullmatch(self.name or ""):
            raise FileNotFoundError(self.name)
        return folder() / self.name

    @property
    def notes(self):
        """Where its dry run's findings are."""
        return self.path.with_suffix(".json")

    def save(self, data):
        """Keep it; what nobody came back for goes."""
        self.remove_expired()
        self.name = secrets.token_urlsafe(24)
        with os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)

    def read(self):
        """The file."""
        return self.path.read_bytes()

    def remove(self):
        """The file goes, and what was found."""
        for path in (self.path, self.notes):
            path.unlink(missing_ok=True)

    def save_result(self, found):
        """Write down what the dry run found."""
        self.notes.write_text(json.dumps(found), encoding="utf-8")

    def load_result(self, user):
        """What the dry run found; None when that is over, or was another editor's."""
        try:
            found = json.loads(self.notes.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        return found if found["user"] == user.pk and self.path.exists() else None

    @staticmethod
    def remove_expired():
        """Remove what is older than an hour."""
        for path in folder().iterdir():
            if time.time() - path.stat().st_mtime > HOUR:
                path.unlink(missing_ok=True)
