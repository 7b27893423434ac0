"""Recording artists, songs, and the cues in which songs are heard."""

from collections.abc import Collection

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from catalog.links import url_for
from catalog.models.base import NaturalKey, NaturalKeyManager, exactly_one
from catalog.models.bounds import SMALL
from catalog.models.character import Character
from catalog.models.compiled_query import query_time
from catalog.models.episode import Episode
from catalog.models.series import Series
from catalog.models.slug import Sluggable, slug_from
from catalog.models.sort_key import SortKeyField, title_sort_key

MAX_LISTED_CUES = 4  # of a song in a list


def song_sort_key(title: str) -> str:
    """The sort key of a song by its title; songs without a title are sorted last."""
    return title_sort_key(title) or "~"


class ArtistQuerySet(models.QuerySet):
    """Querysets of recording artists."""

    def published(self):
        """Artists that visitors may see: of a song that they may see."""
        return self.filter(pk__in=Song.objects.published().order_by().values("artist"))


class Artist(Sluggable):
    """Who recorded songs, as credited: a person, a band, or several together ("Basement Jaxx feat. Lisa Kekaula")."""

    name = models.CharField(max_length=200)
    note = models.CharField(max_length=200, blank=True, help_text="What tells the artist from another one of the name.")
    sort_key = SortKeyField("name")

    objects = NaturalKeyManager.from_queryset(ArtistQuerySet)()

    class Meta:
        ordering = ["sort_key", "slug"]
        indexes = [models.Index(fields=["sort_key"], name="artist_sort_key")]
        verbose_name = "recording artist"

    def __str__(self):
        return self.name


class SongQuerySet(models.QuerySet):
    """Querysets of songs."""

    def published(self):
        """Songs that visitors may see: heard in a series or episode that they may see."""
        return self.filter(Exists(Cue.objects.visible().filter(song=OuterRef("pk")).order_by()))

    def for_list(self):
        """With ``first_cues``, where each is heard as far as visitors may see it; one more than a list names."""
        cues = Cue.objects.visible().for_songs()[: MAX_LISTED_CUES + 1]
        return self.select_related("artist").prefetch_related(models.Prefetch("cues", cues, to_attr="first_cues"))

    def for_page(self):
        """With the artist."""
        return self.select_related("artist")

    def by_artist(self):
        """Sorted by artist, then title; songs of unknown artists last."""
        return self.order_by(F("artist__sort_key").asc(nulls_last=True), "artist__slug", "sort_key", "slug")


class Song(Sluggable):
    """A recording, by title and recording artist; one of them may be unknown."""

    title = models.CharField(max_length=200, blank=True)
    artist = models.ForeignKey(
        Artist, null=True, blank=True, on_delete=models.PROTECT, related_name="songs", verbose_name="recording artist"
    )
    note = models.CharField(max_length=200, blank=True)
    sort_key = SortKeyField("title", compute=song_sort_key)

    slug_source = "title"
    label_relations = ("artist",)
    objects = NaturalKeyManager.from_queryset(SongQuerySet)()

    class Meta:
        ordering = ["sort_key", "slug"]
        indexes = [models.Index(fields=["sort_key"], name="song_sort_key")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="", artist=None),
                name="song_has_a_title_or_an_artist",
                violation_error_message="Give the title or the artist, or both.",
            ),
            models.UniqueConstraint(
                fields=["title", "artist", "note"],
                name="one_song_of_a_title_and_artist",
                violation_error_message="This recording is there already.",
            ),
            models.UniqueConstraint(
                fields=["title", "note"],
                condition=Q(artist=None),
                name="one_song_of_a_title_without_artist",
                violation_error_message="This recording is there already.",
            ),
        ]

    def __str__(self):
        return ", ".join(part for part in (self.title and f"“{self.title}”", str(self.artist or "")) if part)

    def slug_candidates(self):
        """The title; if another song has it, title and artist."""
        artist = str(self.artist or "")
        yield slug_from(self.title) or slug_from(artist) or "song"
        if self.title and artist:
            yield slug_from(f"{self.title} {artist}")

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Leave out what is about the artist while the artist is not saved yet: nobody else has the recording."""
        is_new = self.artist is not None and self.artist.pk is None
        super().validate_constraints(exclude={*(exclude or ()), *(["artist"] if is_new else [])})

    def get_absolute_url(self) -> str:
        """The URL of the song's page."""
        return url_for("song-detail", self.slug)


class CueQuerySet(models.QuerySet):
    """Querysets of songs heard."""

    def for_list(self):
        """With song and performers, for a line."""
        return self.select_related("song__artist").prefetch_related("performers")

    def visible(self):
        """Cues that visitors may see: in a published series or episode."""
        now = query_time()
        of_episode = {
            f"{path}__published_at__lte": now for path in ("episode", "episode__season", "episode__season__series")
        }
        return self.filter(Q(series__published_at__lte=now) | Q(**of_episode))

    def for_songs(self):
        """With series and episode, in the order of the episodes, unknown ones last."""
        series = Coalesce("series__sort_key", "episode__season__series__sort_key")
        numbers = (F(f"episode__{path}number").asc(nulls_last=True) for path in ("season__", ""))
        return self.select_related("series", "episode__season__series").order_by(series, *numbers, "pk")


class Cue(NaturalKey):
    """A song heard in an episode, or in a series if the episode is unknown.

    Cues with the same ``medley`` number are heard together. ``performers`` are characters who perform it on screen.
    """

    series = models.ForeignKey(Series, null=True, blank=True, on_delete=models.CASCADE, related_name="cues")
    episode = models.ForeignKey(Episode, null=True, blank=True, on_delete=models.CASCADE, related_name="cues")
    song = models.ForeignKey(Song, on_delete=models.PROTECT, related_name="cues")
    position = models.PositiveSmallIntegerField(default=0, validators=SMALL)
    medley = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=SMALL, help_text="The same number for songs heard together."
    )
    performers = models.ManyToManyField(Character, blank=True, related_name="cues")
    note = models.CharField(max_length=200, blank=True)

    natural_fields = (
        "series__slug",
        "episode__season__series__slug",
        "episode__season__number",
        "episode__number",
        "song__slug",
    )
    label_relations = ("song__artist",)
    objects = NaturalKeyManager.from_queryset(CueQuerySet)()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = "song heard"
        verbose_name_plural = "songs heard"
        constraints = [
            exactly_one("series", "episode", name="cue_in_a_series_or_an_episode"),
            models.UniqueConstraint(
                fields=["series", "song"],
                name="one_cue_of_a_song_in_a_series",
                violation_error_message="The song is listed here already.",
            ),
            models.UniqueConstraint(
                fields=["episode", "song"],
                name="one_cue_of_a_song_in_an_episode",
                violation_error_message="The song is listed here already.",
            ),
        ]

    def __str__(self):
        return str(self.song)

    @property
    def remarks(self) -> list[str]:
        """How the song is heard, as far as recorded: the note, and whether others are heard with it."""
        medley = f"heard together with others, number {self.medley}" if self.medley else ""
        return [remark for remark in (self.note, medley) if remark]

    @property
    def subject(self) -> Series | Episode | None:
        """The episode in which the song is heard; the series if the episode is not known."""
        return self.episode or self.series

    @property
    def subject_label(self) -> str:
        """``Soundtrack s01e03``, or the title of the series."""
        return f"{self.episode.series.title} {self.episode.code}" if self.episode else str(self.series)
