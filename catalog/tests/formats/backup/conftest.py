"""A small site and its backup."""

import pytest
from django.contrib.auth.models import User

from catalog.formats.backup import create, tables
from catalog.models import Picture
from catalog.tests import factories as make
from catalog.tests.formats.backup.site_rows import TEXTS
from catalog.tests.sample_images import uploaded_file


@pytest.fixture
def one_transaction(monkeypatch):
    """Let a backup read within the transaction of the test."""
    monkeypatch.setattr(create, "snapshot", lambda: tables.transaction.atomic())


@pytest.fixture
def small_site(one_transaction, tmp_path):
    """A series, a picture and an account; their backup is ``site.zip``."""
    make.series("Harbour", slug="harbour")
    Picture.objects.create(file=uploaded_file(), **TEXTS)
    User.objects.create_user("nell", password="a password of nell")
    create.create_backup(tmp_path / "site.zip")
    return tmp_path / "site.zip"
