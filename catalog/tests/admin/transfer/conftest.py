"""What tests of import and export share."""

import pytest

from catalog.admin.transfer import kept


@pytest.fixture(autouse=True)
def _uploads(tmp_path, monkeypatch):
    """Uploads of a test go with the test."""
    folder = tmp_path / "uploads"
    folder.mkdir()
    monkeypatch.setattr(kept, "folder", lambda: folder)
