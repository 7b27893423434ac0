"""Tests of the history layer, and helpers that compare states of the whole catalogue."""

from django.apps import apps

from catalog.facets.episode import EpisodeFacets
from catalog.facets.person import PersonFacets
from catalog.facets.series import SeriesFacets
from catalog.models import Change, Edit
from catalog.tests.facets.test_index import assert_index_equals_sql
from catalog.tests.search.test_indexing import assert_index_is_correct


def catalogue_state():
    """Every row of every table except the change log; of many-to-many tables the related keys only."""
    tables = {}
    for model in apps.get_app_config("catalog").get_models(include_auto_created=True):
        if model in (Change, Edit):
            continue
        rows = model._base_manager.order_by("pk").values()
        if model._meta.auto_created:
            rows = sorted(tuple(value for name, value in row.items() if name != "id") for row in rows)
        tables[model._meta.model_name] = list(rows)
    return tables


def assert_indexes_current():
    """The search index and the facet indexes give the same answers as rebuilt ones."""
    assert_index_is_correct()
    for facet_set in (EpisodeFacets, SeriesFacets, PersonFacets):
        assert_index_equals_sql(facet_set)
