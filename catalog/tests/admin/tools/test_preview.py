"""A preview is the page that visitors would get; only staff see it, and it changes nothing."""

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from catalog.models import Change, Episode
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url

pytestmark = pytest.mark.django_db


def state():
    """The publication times of all episodes, and the log version."""
    return list(Episode.objects.values_list("pk", "published_at")), Change.objects.version()


def drafts():
    """A draft episode in a draft season of a draft series, with a draft person in the cast and a guest."""
    series = make.series("Gold", published_at=None)
    episode = make.episode(make.season(series, published_at=None), title="Pilot", published_at=None)
    person = make.person("Ann Lee", published_at=None)
    make.credit(episode, person)
    return series, episode, person


def test_a_preview_equals_the_published_page_and_changes_nothing(client, admin_client):
    series, episode, person = drafts()
    records = [series, episode.season, episode, person]
    before = state()
    previews = [admin_client.get(admin_url(type(record), "preview", record.pk)) for record in records]
    assert state() == before
    assert [client.get(record.get_absolute_url()).status_code for record in records] == [404] * 4
    for record, preview in [(person, previews[3]), *zip(records[2::-1], previews[2::-1], strict=True)]:
        record.published_at = timezone.now()
        record.save()
        assert preview.status_code == 200
        assert "no-store" in preview["Cache-Control"]
    note = '<p class="draft-note" role="status">Preview: visitors do not see this yet.</p>'
    for preview, record in zip(previews[:3], records[:3], strict=True):
        text = preview.content.decode()
        assert note in text
        assert text.replace(note, "") == client.get(record.get_absolute_url()).content.decode()
    assert "Ann Lee" in previews[3].content.decode()


def test_only_users_who_may_view_the_record_may_preview_it(roles, client, django_user_model):
    _, episode, _ = drafts()
    url = admin_url(Episode, "preview", episode.pk)
    assert client.get(url).status_code == 302
    user = django_user_model.objects.create_user("sam", is_staff=True)
    client.force_login(user)
    assert client.get(url).status_code == 403
    user.groups.add(Group.objects.get(name="Contributor"))
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 405


def test_a_missing_record_has_no_preview(admin_client):
    for key in ("999999", "x", "9" * 30):
        assert admin_client.get(admin_url(Episode, "preview", key)).status_code == 404


def test_the_form_of_a_draft_links_to_its_preview(admin_client):
    _, episode, _ = drafts()
    assert "../preview/" in admin_client.get(admin_url(Episode, "change", episode.pk)).content.decode()
