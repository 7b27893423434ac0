"""Publishing a series or a season with all its parts."""

from datetime import timedelta

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.utils import timezone

from catalog.models import Availability, Company, Edit, Episode, Person, Season, Series
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url


def publish(client, record, **fields):
    """Run the action for one record."""
    data = {"action": "publish_with_parts", ACTION_CHECKBOX_NAME: [record.pk]}
    return client.post(admin_url(type(record)), data | fields)


@pytest.fixture
def draft(db):
    """A draft series with draft parts: a season, two episodes (one scheduled), people and companies."""
    series = make.series(published_at=None)
    season = make.season(series, published_at=None)
    make.episode(season, published_at=None)
    make.episode(season, published_at=timezone.now() + timedelta(days=3))
    for subject in (series, season, season.episodes.first()):
        make.credit(subject, make.person(f"On {subject._meta.model_name}", published_at=None))
    make.series_company(series, make.company("Network", published_at=None))
    Availability.objects.create(series=series, platform=make.company("Platform", published_at=None))
    make.person("Somebody else", published_at=None)
    return series


def draft_counts():
    """Numbers of drafts by model."""
    models = (Series, Season, Episode, Person, Company)
    return {model._meta.model_name: model.objects.filter(published_at=None).count() for model in models}


def test_a_series_is_published_with_all_its_parts_once_it_is_confirmed(admin_client, draft):
    before = draft_counts()
    page = publish(admin_client, draft)
    assert page.status_code == 200
    assert draft_counts() == before == {"series": 1, "season": 1, "episode": 1, "person": 4, "company": 2}
    text = page.content.decode()
    assert "Publish 8 records" in text
    assert "and 1 scheduled" in text
    assert "On episode" in text
    assert publish(admin_client, draft, publish_sent="1").status_code == 302
    assert draft_counts() == {"series": 0, "season": 0, "episode": 0, "person": 1, "company": 0}
    assert Episode.objects.filter(published_at__gt=timezone.now()).count() == 1
    assert Edit.objects.get().changes.count() == 8
    assert "There is no draft to publish" in publish(admin_client, draft).content.decode()


def test_a_season_is_published_with_its_parts_and_a_warning_if_its_series_is_not_visible(admin_client, draft):
    season = draft.seasons.get()
    page = publish(admin_client, season).content.decode()
    assert "is not a published series" in page
    assert "Publish 4 records" in page
    assert publish(admin_client, season, publish_sent="1").status_code == 302
    assert draft_counts() == {"series": 1, "season": 0, "episode": 0, "person": 2, "company": 2}
