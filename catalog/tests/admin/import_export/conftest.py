"""Fixtures for tests of import and export."""

import pytest


@pytest.fixture(autouse=True)
def _uploads(tmp_path, settings):
    """Store uploads in a folder of the test."""
    settings.IMPORT_ROOT = tmp_path / "uploads"
