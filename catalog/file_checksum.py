"""A checksum of files, to notice that the code has changed."""

import zlib
from collections.abc import Iterable
from pathlib import Path


def checksum_of(paths: Iterable[Path], start: int = 0) -> int:
    """Return the CRC-32 of files, and of all files in directories; ``start`` is that of what precedes them."""
    checksum = start
    for path in paths:
        files = path.rglob("*.*") if path.is_dir() else [path]
        for file in sorted(file for file in files if file.is_file() and "__pycache__" not in file.parts):
            checksum = zlib.crc32(file.read_bytes(), checksum)
    return checksum
