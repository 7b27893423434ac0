"""Songs and cues."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from catalog.models import Cue, Song
from catalog.tests import factories as make


@pytest.mark.parametrize(
    ("fields", "slug", "label"),
    [
        (("Smile", "Nat King Cole"), "smile", "“Smile”, Nat King Cole"),
        (("Lantern", "Ann"), "lantern-ann", "“Lantern”, Ann"),
        (("Lantern", "Bo feat. Cy"), "lantern-bo-feat-cy", "“Lantern”, Bo feat. Cy"),
        (("Lantern", "Dee"), "lantern-2", "“Lantern”, Dee"),
        (("Que Sera, Sera", None), "que-sera-sera", "“Que Sera, Sera”"),
        (("", "Steely Dan"), "steely-dan", "Steely Dan"),
        (("???", None), "song", "“???”"),
    ],
)
def test_label_uses_title_and_artist_and_slug_the_title_unless_another_song_has_it(db, fields, slug, label):
    make.song("Lantern"), make.song("Lantern Dee", slug="lantern-dee")
    song = make.song(*fields)
    assert (song.slug, str(song)) == (slug, label)


def test_recordings_of_the_same_title_and_artist_differ_in_their_note(db):
    early = make.song("Both Sides", "Joni")
    late = make.song("Both Sides", "Joni", note="later recording")
    assert early.slug != late.slug
    with pytest.raises(ValidationError, match="recording is there already"):
        Song(title="Both Sides", artist=early.artist, note="later recording").full_clean()


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
