"""Songs in the admin: an artist who is not there yet is added by typing the name."""

import pytest
from django.urls import reverse

from catalog.models import Artist, Change, Song
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import change_url, submit_form, was_saved

pytestmark = pytest.mark.django_db
ADD = "/admin/catalog/song/add/"


def options(client, term, **parameters):
    """The options of the autocomplete of artists, as (id, text)."""
    field = {"app_label": "catalog", "model_name": "song", "field_name": "artist", "term": term}
    results = client.get(reverse("admin:autocomplete"), field | parameters).json()["results"]
    return [(option["id"], option["text"]) for option in results]


def test_the_autocomplete_offers_to_add_an_artist_of_a_new_name(admin_client):
    sia, namesake = make.artist("Sia"), make.artist("Siamés", note="from Buenos Aires")
    artists = [(str(sia.pk), "Sia"), (str(namesake.pk), "Siamés (from Buenos Aires)")]
    assert options(admin_client, "Sia", new=1) == artists
    assert options(admin_client, " sia ", new=1) == [*artists, ("new:sia", "Add “sia”")]
    assert options(admin_client, "311", new=1) == [("new:311", "Add “311”")]
    assert options(admin_client, "311") == []
    assert f"{reverse('admin:autocomplete')}?new=1" in admin_client.get(ADD).content.decode()


def test_a_new_artist_is_saved_with_the_song_in_one_edit(admin_client):
    make.song("Lamp")
    assert admin_client.post(ADD, {"title": "Lamp", "artist": "new:Basement feat. Lisa"}).status_code == 302
    song = Song.objects.get(artist__name="Basement feat. Lisa")
    assert (song.slug, song.artist.slug) == ("lamp-basement-feat-lisa", "basement-feat-lisa")
    assert len(set(Change.objects.filter(kind__in=("artist", "song")).values_list("edit", flat=True)[:2])) == 1
    admin_client.post(ADD, {"title": "", "artist": "new:311"})
    assert was_saved(submit_form(admin_client, change_url(song), artist="new:Zoe"))
    song.refresh_from_db()
    assert (song.artist.name, Song.objects.get(title="").artist.name) == ("Zoe", "311")
    admin_client.post(ADD, {"title": "Quay", "artist": "new:Zoe"})
    assert Artist.objects.filter(name="Zoe").count() == 1


def test_a_refused_form_adds_no_artist_and_keeps_the_name(admin_client):
    response = admin_client.post(ADD, {"title": "x" * 201, "artist": "new:Sia"})
    assert response.status_code == 200
    assert '<option value="new:Sia" selected>Add “Sia”</option>' in response.content.decode()
    response = admin_client.post(ADD, {"title": "Lamp", "artist": f"new:{'x' * 201}"})
    assert "has at most 200 characters" in response.content.decode()
    assert admin_client.post(ADD, {"title": "", "artist": "new: "}).status_code == 200
    assert (Artist.objects.count(), Song.objects.count()) == (0, 0)
