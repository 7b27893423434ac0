"""Rows of a form: what is folded, and for whom."""

import lxml.html
import pytest
from django.contrib.auth.models import Permission

from catalog.models import Credit, Episode
from catalog.tests.admin.admin_forms import admin_url


def folds(client, episode):
    """Whether each credit's further fields stand open, by the person; and the heads of the table's columns."""
    page = lxml.html.document_fromstring(client.get(admin_url(Episode, "change", episode.pk)).content)
    table = page.cssselect("#credits-group table")[0]
    rows = table.cssselect("tr.has_original")
    opened = [row.cssselect("details")[0].get("open") is not None for row in rows if row.cssselect("details")]
    return opened, [head.text_content().strip() for head in table.cssselect("thead th")]


@pytest.mark.parametrize("said", [{"note": "uncredited"}, {"credited_as": "T. West"}, {"pilot_only": True}])
def test_a_row_stands_open_when_a_folded_field_says_something(soundtrack, admin_client, said):
    episode = Episode.objects.get(number=3)
    opened, heads = folds(admin_client, episode)
    assert opened == [False, False, False]
    assert "Note" not in heads
    Credit.objects.filter(pk=episode.credits.in_order().first().pk).update(**said)
    opened, _ = folds(admin_client, episode)
    assert sorted(opened) == [False, False, True]


def test_who_may_only_read_has_every_field_in_view(soundtrack, client, django_user_model):
    user = django_user_model.objects.create_user("reader", password="reader-password", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_episode", "view_credit"]))
    client.force_login(user)
    opened, heads = folds(client, Episode.objects.get(number=3))
    assert opened == []
    assert {"Credited as", "Pilot only", "Note"} <= set(heads)
