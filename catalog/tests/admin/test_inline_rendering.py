"""Folded fields of inline rows."""

import lxml.html
import pytest
from django.contrib.auth.models import Permission

from catalog.models import Credit, Episode
from catalog.tests.admin.admin_forms import admin_url


def folds(client, episode):
    """(for each credit, whether its folded fields are open; the headings of the columns)."""
    page = lxml.html.document_fromstring(client.get(admin_url(Episode, "change", episode.pk)).content)
    table = page.cssselect("#credits-group table")[0]
    rows = table.cssselect("tr.has_original")
    opened = [row.cssselect("details")[0].get("open") is not None for row in rows if row.cssselect("details")]
    return opened, [heading.text_content().strip() for heading in table.cssselect("thead th")]


@pytest.mark.parametrize("values", [{"note": "uncredited"}, {"credited_as": "T. West"}, {"pilot_only": True}])
def test_a_row_is_unfolded_if_a_folded_field_has_content(soundtrack, admin_client, values):
    episode = Episode.objects.get(number=3)
    opened, headings = folds(admin_client, episode)
    assert opened == [False, False, False]
    assert "Note" not in headings
    Credit.objects.filter(pk=episode.credits.in_order().first().pk).update(**values)
    opened, _ = folds(admin_client, episode)
    assert sorted(opened) == [False, False, True]


def test_readers_see_all_fields_unfolded(soundtrack, client, django_user_model):
    user = django_user_model.objects.create_user("reader", password="reader-password", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_episode", "view_credit"]))
    client.force_login(user)
    opened, headings = folds(client, Episode.objects.get(number=3))
    assert opened == []
    assert {"Credited as", "Pilot only", "Note"} <= set(headings)
