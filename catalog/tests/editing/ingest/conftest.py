"""Fixtures of the tests of imports."""

import pytest

from catalog.tests import factories as make


@pytest.fixture
def roles(db):
    """The roles of the plans that are made by hand."""
    return [make.role(slug) for slug in ("director", "writer", "cast")]


@pytest.fixture
def season(vocabulary):
    """The first season of the series of ``statement``."""
    return make.season(make.series("Treme", premiered="2010-04-11"))
