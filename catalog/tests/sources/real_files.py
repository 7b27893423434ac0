"""Real files that are no part of the repository: the folder of ``SOURCE_CASES``, if there is one."""

import json
import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("SOURCE_CASES", ""))
HAS_FILES = bool(os.environ.get("SOURCE_CASES")) and FOLDER.is_dir()
needs_real_files = pytest.mark.skipif(not HAS_FILES, reason="SOURCE_CASES names no folder of real files")


def read_file(name: str) -> bytes:
    """The bytes of a real file."""
    return (FOLDER / name).read_bytes()


def read_json(name: str):
    """The value of a real JSON file."""
    return json.loads(read_file(name))
