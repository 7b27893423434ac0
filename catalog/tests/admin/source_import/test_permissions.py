"""Who may import from sources, into what, and whose imports they see."""

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from catalog.models import Episode, Series, SourceFile, SourceImport
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url, change_url
from catalog.tests.admin.source_import.review_page import ADD_URL, begin_import, upload

TABLE = "season,episode,title,director\n1,1,Tide,Ada Holt\n1,2,Fog,Ada Holt\n"


@pytest.fixture
def sea(vocabulary):
    """A published series with an episode that the table names otherwise."""
    series = make.series("Sea")
    make.episode(make.season(series), 1, title="")
    return series


def begin(client, series):
    """An import of the table into a series."""
    return begin_import(client, upload("sea.csv", TABLE), series=series.pk)


def test_contributors_import_drafts(contributor, vocabulary):
    series = make.series("Sea", published_at=None)
    begin(contributor, series).press("apply")
    assert list(Episode.objects.values_list("title", "published_at")) == [("Tide", None), ("Fog", None)]


def test_contributors_cannot_tick_what_is_published(contributor, sea):
    pages = begin(contributor, sea).open(page="s01")
    heading = pages.records()["s01e01"]
    assert not [words for words in pages.ticked() if words.startswith(heading)]
    assert "Only users who may publish" in pages.row(heading, "Title")[2]
    pages.press("column:0:")
    pages.press("apply")
    assert Episode.objects.get(number=1).title == ""


def test_editors_import_into_published_records(sign_in, sea):
    begin(sign_in("Editor"), sea).press("apply")
    assert Episode.objects.get(number=1).title == "Tide"


def test_contributors_see_their_own_imports_editors_all(contributor, vocabulary):
    first = begin(contributor, make.series("Own", published_at=None))
    other = make.source_import(user=User.objects.create_user("other"))
    listed = contributor.get(admin_url(SourceImport)).content.decode()
    assert f"/{first.pk}/change/" in listed
    assert f"/{other.pk}/change/" not in listed
    assert contributor.get(change_url(other)).status_code == 302
    assert contributor.post(change_url(other), {"do": "apply"}).status_code == 302
    assert contributor.get(admin_url(SourceImport, "sources", other.pk)).status_code == 404
    assert not Series.objects.exclude(title="Own").exists()


def test_editors_continue_imports_of_others(sign_in, vocabulary):
    other = make.source_import(user=User.objects.create_user("other"), series=make.series("Sea"))
    client = sign_in("Editor")
    assert "other" in client.get(admin_url(SourceImport)).content.decode()
    assert client.get(change_url(other)).status_code == 200


def test_an_import_is_discarded_by_whoever_began_it_and_what_it_wrote_stays(contributor, vocabulary):
    pages = begin(contributor, make.series("Sea", published_at=None))
    pages.press("apply")
    url = admin_url(SourceImport, "delete", pages.pk)
    assert url in pages.text
    page = contributor.get(url).content.decode()
    assert "Its files are kept, and what was imported stays." in page
    assert "history" not in page.partition('id="content"')[2]
    assert contributor.post(url, {"post": "yes"}).status_code == 302
    assert not SourceImport.objects.exists()
    assert (SourceFile.objects.count(), Episode.objects.count()) == (1, 2)


def test_editors_discard_several_imports_at_once(sign_in, vocabulary):
    client, imports = sign_in("Editor"), [make.source_import() for _ in range(2)]
    data = {"action": "delete_selected", ACTION_CHECKBOX_NAME: [source_import.pk for source_import in imports]}
    page = client.post(admin_url(SourceImport), data).content.decode()
    assert "Their files are kept, and what was imported stays." in page
    client.post(admin_url(SourceImport), data | {"post": "yes"})
    assert (SourceImport.objects.count(), SourceFile.objects.count()) == (0, 2)


@pytest.mark.parametrize("missing", ["add_sourceimport", "change_series", "add_episode", "add_source"])
def test_who_may_not_write_what_an_import_writes_is_offered_none(sign_in, db, missing):
    client, series = sign_in("Editor"), make.series()
    user = User.objects.get(username="editor")
    user.user_permissions.set(Permission.objects.filter(group__name="Editor").exclude(codename=missing))
    user.groups.clear()
    assert client.get(ADD_URL).status_code == 403
    assert client.post(ADD_URL, {"text": TABLE}).status_code == 403
    source_import = make.source_import(user=user)
    assert client.post(change_url(source_import), {"do": "apply"}).status_code == 403
    for url in (reverse("admin:index"), admin_url(Series), change_url(series)):
        assert ADD_URL not in client.get(url).content.decode()
