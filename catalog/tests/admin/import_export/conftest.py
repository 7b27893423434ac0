"""Fixtures for tests of import and export."""

import pytest

from catalog.admin.import_export import upload_storage


@pytest.fixture(autouse=True)
def _uploads(tmp_path, monkeypatch):
    """Store uploads in a folder of the test."""
    folder = tmp_path / "uploads"
    folder.mkdir()
    monkeypatch.setattr(upload_storage, "upload_folder", lambda: folder)
