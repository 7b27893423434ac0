"""Store an uploaded file between dry run and import: not below MEDIA_ROOT, for an hour, for the user who sent it."""

import json
import os
import re
import secrets
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

MAX_AGE = 3600  # seconds
NAME = re.compile(r"[A-Za-z0-9_-]{32}")


def upload_folder() -> Path:
    """The folder of the uploads, which only the account of the site can read. Each site has its own."""
    path = Path(settings.IMPORT_ROOT)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


@dataclass
class DryRun:
    """A dry run as the user saw it: the version of the change log, and the fingerprint of each row by its number."""

    user_id: int
    version: int
    fingerprints: dict[str, str]


class Upload:
    """An uploaded file under an unguessable name, with its dry run in a second file."""

    def __init__(self, name: str) -> None:
        self.name = name

    @classmethod
    def create(cls, content: bytes) -> "Upload":
        """Store an upload and delete expired ones."""
        cls.remove_expired()
        upload = cls(secrets.token_urlsafe(24))
        with os.fdopen(os.open(upload._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        return upload

    @property
    def _path(self) -> Path:
        if not NAME.fullmatch(self.name):
            raise FileNotFoundError(self.name)
        return upload_folder() / self.name

    @property
    def _dry_run_path(self) -> Path:
        return self._path.with_suffix(".json")

    def read(self) -> bytes:
        """The content of the file."""
        return self._path.read_bytes()

    def remove(self) -> None:
        """Delete the file and its dry run."""
        for path in (self._path, self._dry_run_path):
            path.unlink(missing_ok=True)

    def save_dry_run(self, dry_run: DryRun) -> None:
        """Store the dry run in place of an earlier one."""
        self._dry_run_path.write_text(json.dumps(asdict(dry_run)), encoding="utf-8")

    def load_dry_run(self, user_id: int) -> DryRun | None:
        """The stored dry run; None if the upload expired or belongs to another user."""
        try:
            dry_run = DryRun(**json.loads(self._dry_run_path.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):  # TypeError: stored by another release
            return None
        return dry_run if dry_run.user_id == user_id and self._path.exists() else None

    @staticmethod
    def remove_expired() -> None:
        """Delete files older than ``MAX_AGE``."""
        for path in upload_folder().iterdir():
            if time.time() - path.stat().st_mtime > MAX_AGE:
                path.unlink(missing_ok=True)
