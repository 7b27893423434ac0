"""Songs and where they are heard."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from catalog.models import Cue, Song
from catalog.tests import factories as make


@pytest.mark.parametrize(
    ("fields", "slug", "said"),
    [
        ({"title": "Smile", "artist": "Nat King Cole"}, "smile-nat-king-cole", "“Smile”, Nat King Cole"),
        ({"title": "Que Sera, Sera"}, "que-sera-sera", "“Que Sera, Sera”"),
        ({"artist": "Steely Dan"}, "steely-dan", "Steely Dan"),
        ({"title": "???"}, "song", "“???”"),
    ],
)
def test_a_song_is_called_by_what_is_known_of_it(db, fields, slug, said):
    song = Song.objects.create(**fields)
    assert (song.slug, str(song)) == (slug, said)


def test_recordings_of_one_song_by_one_artist_are_told_apart_by_their_note(db):
    early = Song.objects.create(title="Both Sides", artist="Joni")
    late = Song.objects.create(title="Both Sides", artist="Joni", note="later recording")
    assert early.slug != late.slug
    with pytest.raises(ValidationError, match="recording is there already"):
        Song(title="Both Sides", artist="Joni", note="later recording").full_clean()


def test_a_song_that_is_heard_is_protected_and_goes_on_without_the_episode(db):
    song = Song.objects.create(title="Smile")
    cue = Cue.objects.create(episode=make.episode(), song=song)
    with pytest.raises(ProtectedError):
        song.delete()
    cue.episode.delete()
    assert not Cue.objects.exists()
    assert Song.objects.get() == song


def test_a_song_is_heard_once_in_an_episode_and_again_in_another(db):
    song, season = Song.objects.create(title="Smile"), make.season()
    for episode in (make.episode(season), make.episode(season)):
        Cue.objects.create(episode=episode, song=song)
        with pytest.raises(ValidationError, match="listed here already"):
            Cue(episode=episode, song=song).full_clean()
    assert song.cues.count() == 2
