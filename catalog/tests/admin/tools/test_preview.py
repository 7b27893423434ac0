"""A preview is the page that visitors would get, made for staff alone, and leaves no trace."""

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from catalog.models import Change, Episode
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url

pytestmark = pytest.mark.django_db


def rows():
    """The moments of publication of everything that has one, and the log's version."""
    return list(Episode.objects.values_list("pk", "published_at")), Change.objects.version()


def drafts():
    """A draft episode in a draft season of a draft series, with a draft person in the cast and a guest."""
    series = make.series("Gold", published_at=None)
    episode = make.episode(make.season(series, published_at=None), title="Pilot", published_at=None)
    person = make.person("Ann Lee", published_at=None)
    make.credit(episode, person)
    return series, episode, person


def test_each_draft_is_seen_as_visitors_will_see_it_and_nothing_is_changed(client, admin_client):
    series, episode, person = drafts()
    pages = [series, episode.season, episode, person]
    before = rows()
    seen = [admin_client.get(admin_url(type(each), "preview", each.pk)) for each in pages]
    assert rows() == before
    assert [client.get(each.get_absolute_url()).status_code for each in pages] == [404] * 4
    for each, page in [(person, seen[3]), *zip(pages[2::-1], seen[2::-1], strict=True)]:
        each.published_at = timezone.now()
        each.save()
        assert page.status_code == 200
        assert "no-store" in page["Cache-Control"]
    note = '<p class="draft-note" role="status">Preview: visitors do not see this yet.</p>'
    for page, each in zip(seen[:3], pages[:3], strict=True):
        text = page.content.decode()
        assert note in text
        assert text.replace(note, "") == client.get(each.get_absolute_url()).content.decode()
    assert "Ann Lee" in seen[3].content.decode()


def test_only_who_may_read_the_record_at_the_desk_may_preview_it(roles, client, django_user_model):
    _, episode, _ = drafts()
    url = admin_url(Episode, "preview", episode.pk)
    assert client.get(url).status_code == 302
    user = django_user_model.objects.create_user("sam", is_staff=True)
    client.force_login(user)
    assert client.get(url).status_code == 403
    user.groups.add(Group.objects.get(name="Contributor"))
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 405


def test_what_is_not_there_has_no_preview(admin_client):
    for key in ("999999", "x", "9" * 30):
        assert admin_client.get(admin_url(Episode, "preview", key)).status_code == 404


def test_the_form_of_a_draft_links_to_its_preview(admin_client):
    _, episode, _ = drafts()
    assert "../preview/" in admin_client.get(admin_url(Episode, "change", episode.pk)).content.decode()
