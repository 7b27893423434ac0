"""A backup as a ZIP file: tables, pictures, and a manifest with the checksum of each."""

import json
import os
import tempfile
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from catalog.renditions import sync_to_disk

MANIFEST, FORMAT = "manifest.json", 1
BLOCK_SIZE = 1 << 20
MAX_DRAFT_AGE = 24 * 3600  # seconds, after which a draft is taken for that of a killed process
# What zipfile raises for damaged files, depending on the damaged part.
DAMAGE = (BadZipFile, zlib.error, EOFError, LookupError, ValueError, TypeError, NotImplementedError, RuntimeError)


class BackupError(Exception):
    """Why a backup was not made or not restored: one line for who runs the site."""


@dataclass
class Manifest:
    """What a backup has. Tables are named as models: ``catalog.Episode``.

    ``files`` are the checksums of the members by name; ``missing`` are the names of picture files that were not there.
    """

    made_at: str
    engine: str
    log_version: int
    migrations: list[str]
    columns: dict[str, list[str]]
    rows: dict[str, int]
    last_ids: dict[str, int]
    files: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    format: int = FORMAT


class ArchiveWriter:
    """Writes members and their checksums."""

    def __init__(self, archive: ZipFile) -> None:
        self.archive = archive
        self.checksums: dict[str, str] = {}

    def add(self, name: str, blocks: Iterable[bytes], *, is_compressed: bool = True) -> None:
        """Write a member."""
        info, digest = ZipInfo(name, time.gmtime()[:6]), sha256()
        info.compress_type = ZIP_DEFLATED if is_compressed else ZIP_STORED
        with self.archive.open(info, "w", force_zip64=True) as member:
            for block in blocks:
                digest.update(block)
                member.write(block)
        self.checksums[name] = digest.hexdigest()

    def add_file(self, name: str, path: Path) -> None:
        """Write a member with the content of a file, which is compressed already."""
        with path.open("rb") as file:
            self.add(name, iter(lambda: file.read(BLOCK_SIZE), b""), is_compressed=False)

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest, with the checksums."""
        manifest.files = self.checksums
        self.archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))


@contextmanager
def create_archive(path: Path) -> Iterator[ArchiveWriter]:
    """Write an archive that gets its name when it is whole and on the disk; only its owner can read it.

    Until then it is a hidden file beside ``path``. Such files of killed processes are deleted by the next backup.
    """
    prefix, suffix = f".{path.name}.", ".draft"
    for old in path.parent.glob(f"{prefix}*{suffix}"):
        if time.time() - old.stat().st_mtime > MAX_DRAFT_AGE:
            old.unlink(missing_ok=True)
    descriptor, name = tempfile.mkstemp(suffix, prefix, path.parent)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with ZipFile(file, "w") as archive:
                yield ArchiveWriter(archive)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        sync_to_disk(path.parent)
    finally:
        draft.unlink(missing_ok=True)


class ArchiveReader:
    """Reads an archive. ``BackupError`` says what is damaged."""

    def __init__(self, archive: ZipFile) -> None:
        self.archive = archive
        with damage_reported(MANIFEST):
            values = json.loads(archive.read(MANIFEST))
            if values["format"] != FORMAT:
                raise BackupError("The backup was made by a later version of the site: restore it with that one.")
            self.manifest = Manifest(**values)

    def verify(self) -> None:
        """Compare the content of all members with their checksums."""
        for name, checksum in self.manifest.files.items():
            digest = sha256()
            for block in self.blocks(name):
                digest.update(block)
            if digest.hexdigest() != checksum:
                raise BackupError(f"The backup is damaged: {name} does not have the content of its checksum.")

    def blocks(self, name: str) -> Iterator[bytes]:
        """The content of a member, in parts."""
        with damage_reported(name), self.archive.open(name) as member:
            while block := member.read(BLOCK_SIZE):
                yield block

    def rows(self, name: str) -> Iterator[list[object]]:
        """The rows of a table."""
        with damage_reported(name), self.archive.open(name) as member:
            for line in member:
                yield json.loads(line)


@contextmanager
def open_archive(path: Path) -> Iterator[ArchiveReader]:
    """Open an archive for reading."""
    try:
        archive = ZipFile(path)
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}.") from error
    except DAMAGE as error:
        raise BackupError(f"{path} is no backup, or its end is missing.") from error
    with archive:
        yield ArchiveReader(archive)


@contextmanager
def damage_reported(name: str) -> Iterator[None]:
    """Report what cannot be read as damage of the member ``name``."""
    try:
        yield
    except KeyError as error:
        raise BackupError(f"The backup is damaged: {name} is missing or incomplete.") from error
    except (*DAMAGE, OSError) as error:
        raise BackupError(f"The backup is damaged: {name} cannot be read.") from error
