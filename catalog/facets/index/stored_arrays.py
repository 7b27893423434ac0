"""Snapshots in files: a start need not read the database again, and processes share their memory.

A file holds one snapshot: a signed line that describes it, the snapshot pickled without its arrays, and the arrays,
which are mapped into memory. It may be deleted at any time.
"""

import contextlib
import datetime as dt
import fcntl
import logging
import mmap
import pickle
import sys
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
from django.conf import settings
from django.core import signing
from django.db import connection

from catalog.facets.index.snapshot import Snapshot
from catalog.file_checksum import checksum_of
from catalog.models import Change

log = logging.getLogger(__name__)
Stored = tuple[Snapshot, int, dt.datetime]  # with the version of the change log and the time at which it was read
MAX_CHANGES = 5_000  # since a snapshot: so many episodes are read again in 1.3 s, all of size M in 2.2 s
ALIGNMENT = 64
CODE = ("facets", "models", "migrations")  # what decides on the content of the arrays, with the modules beside them
signer = signing.Signer(salt=__name__)


@cache
def code_checksum() -> int:
    """Return a checksum of the code that reads arrays, and of the versions of Python and numpy."""
    package = settings.BASE_DIR / "catalog"
    versions = zlib.crc32(f"{sys.version} {np.__version__}".encode())
    return checksum_of([*sorted(package.glob("*.py")), *(package / name for name in CODE)], versions)


def _prefix(kind: str) -> Path:
    """Return the path of the files of a list of this database, without version and checksum."""
    database = connection.settings_dict
    location = "\0".join(str(database.get(name, "")) for name in ("ENGINE", "NAME", "HOST", "PORT"))
    return settings.INDEX_ROOT / f"{kind}-{zlib.crc32(location.encode()):x}"


def _log_entry(version: int) -> list[str] | None:
    """Return what tells the log up to ``version`` from that of another database, such as a restored backup."""
    fields = Change.objects.filter(pk=version).values_list("at", "kind", "record_id", "label").first()
    return fields and [str(field) for field in fields]


def _sum(block: memoryview) -> int:
    """Return a checksum of bytes, in a sixteenth of the time of CRC-32."""
    end = len(block) // 8 * 8
    return (int(np.add.reduce(np.frombuffer(block[:end], np.uint64))) + int.from_bytes(block[end:], "little")) % 2**64


def _padding(size: int) -> int:
    return -size % ALIGNMENT


@contextlib.contextmanager
def lock(kind: str) -> Iterator[None]:
    """Let one process at a time read a list, so that the others find its arrays; no lock without a writable disk."""
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            settings.INDEX_ROOT.mkdir(parents=True, exist_ok=True)
            file = stack.enter_context(Path(f"{_prefix(kind)}.lock").open("w", encoding="ascii"))
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def save(kind: str, snapshot: Snapshot, version: int, as_of: dt.datetime) -> None:
    """Write a snapshot, and delete the earlier ones of this list. A disk that is full or read-only is only logged."""
    entry, prefix = _log_entry(version), _prefix(kind)
    if entry is None:  # an empty log cannot tell one database from another
        return
    buffers: list[pickle.PickleBuffer] = []
    pickled = pickle.dumps(snapshot, protocol=5, buffer_callback=buffers.append)
    blocks = [memoryview(pickled), *(buffer.raw() for buffer in buffers)]
    description = {
        "code": code_checksum(),
        "version": version,
        "as_of": as_of.isoformat(),
        "entry": entry,
        "blocks": [(len(block), _sum(block)) for block in blocks],
    }
    path, draft = Path(f"{prefix}-{version}-{code_checksum():x}.arrays"), Path(f"{prefix}.draft")
    try:
        with draft.open("wb") as file:
            head = signer.sign_object(description).encode() + b"\n"
            for block in (memoryview(head), *blocks):
                file.write(block)
                file.write(bytes(_padding(len(block))))
        draft.replace(path)
        for other in prefix.parent.glob(f"{prefix.name}-*.arrays"):
            if other != path:
                other.unlink(missing_ok=True)
    except OSError as error:
        log.warning("Could not store the arrays of the index; the next start reads the list again: %s", error)
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def load(kind: str, after: int = 0) -> Stored | None:
    """Return the stored snapshot of a list, if it is of this code, this database and a version later than ``after``.

    Damaged files are deleted.
    """
    prefix = _prefix(kind)
    for path in prefix.parent.glob(f"{prefix.name}-*.arrays"):
        try:
            if stored := _load_file(path, after):
                return stored
        except FileNotFoundError:  # another process has replaced it
            continue
        except (OSError, ValueError, signing.BadSignature) as error:
            log.warning("%s is damaged and will be made anew: %s", path, error)
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
    return None


def _load_file(path: Path, after: int) -> Stored | None:
    with path.open("rb") as file:
        line = file.readline()
        description = signer.unsign_object(line.decode("ascii").removesuffix("\n"))
        version, present = description["version"], Change.objects.version()
        if (
            description["code"] != code_checksum()
            or not max(after, present - MAX_CHANGES - 1) < version <= present
            or description["entry"] != _log_entry(version)
        ):
            return None
        data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    start, blocks = len(line) + _padding(len(line)), []
    for size, checksum in description["blocks"]:
        block = data[start : start + size]
        if len(block) != size or _sum(block) != checksum:
            raise ValueError("its content differs from its description")
        blocks.append(block)
        start += size + _padding(size)
    snapshot = pickle.loads(blocks[0], buffers=blocks[1:])  # signed by this site
    return snapshot, version, dt.datetime.fromisoformat(description["as_of"])
