"""Songs and cues."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from catalog.models import Cue, Song
from catalog.tests import factories as make


@pytest.mark.parametrize(
    ("fields", "slug", "label"),
    [
        ({"title": "Smile", "artist": "Nat King Cole"}, "smile-nat-king-cole", "“Smile”, Nat King Cole"),
        ({"title": "Que Sera, Sera"}, "que-sera-sera", "“Que Sera, Sera”"),
        ({"artist": "Steely Dan"}, "steely-dan", "Steely Dan"),
        ({"title": "???"}, "song", "“???”"),
    ],
)
def test_label_and_slug_use_title_and_artist(db, fields, slug, label):
    song = Song.objects.create(**fields)
    assert (song.slug, str(song)) == (slug, label)


def test_recordings_of_the_same_title_and_artist_differ_in_their_note(db):
    early = Song.objects.create(title="Both Sides", artist="Joni")
    late = Song.objects.create(title="Both Sides", artist="Joni", note="later recording")
    assert early.slug != late.slug
    with pytest.raises(ValidationError, match="recording is there already"):
        Song(title="Both Sides", artist="Joni", note="later recording").full_clean()


def test_song_with_cues_is_protected_and_remains_without_the_episode(db):
    song = Song.objects.create(title="Smile")
    cue = Cue.objects.create(episode=make.episode(), song=song)
    with pytest.raises(ProtectedError):
        song.delete()
    cue.episode.delete()
    assert not Cue.objects.exists()
    assert Song.objects.get() == song


def test_song_has_one_cue_per_episode(db):
    song, season = Song.objects.create(title="Smile"), make.season()
    for episode in (make.episode(season), make.episode(season)):
        Cue.objects.create(episode=episode, song=song)
        with pytest.raises(ValidationError, match="listed here already"):
            Cue(episode=episode, song=song).full_clean()
    assert song.cues.count() == 2
