"""What tests of import and export share."""

import pytest

from catalog.admin.import_export import upload_storage


@pytest.fixture(autouse=True)
def _uploads(tmp_path, monkeypatch):
    """Uploads of a test go with the test."""
    folder = tmp_path / "uploads"
    folder.mkdir()
    monkeypatch.setattr(upload_storage, "upload_folder", lambda: folder)
