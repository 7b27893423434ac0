"""Songs: the list, and the page of one song with all episodes and series in which it is heard."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property

from catalog.models import Cue, Song
from catalog.models.song import MAX_LISTED_CUES
from catalog.search import filter_by_text
from catalog.search.tokenizer import clean_query
from catalog.views.base import Page, RecordPage, page_url_builder, requested_page
from catalog.views.presenters import cover, meta_description
from catalog.views.presenters.infobox import song_infobox
from catalog.views.presenters.search_results import heard_in

SONGS_PER_PAGE = 100
CUES_PER_PAGE = 100
SORTS = {"title": "Title", "artist": "Artist"}  # the first is the default


class SongList(Page):
    """``/songs/``: songs that are heard somewhere; ``q`` finds titles and artists, ``sort`` is title or artist."""

    template_name = "catalog/song_list.html"
    section = "songs"

    @cached_property
    def sort(self):
        """The sort key in force; an unknown one means the default."""
        sort = self.request.GET.get("sort", "")
        return sort if sort in SORTS else "title"

    def sort_links(self):
        """(label, URL, whether it is in force) of each sort key."""
        for sort, label in SORTS.items():
            query = self.request.GET.copy()
            query.pop("page", None)
            query["sort"] = sort
            yield label, f"?{query.urlencode()}", sort == self.sort

    def get_context_data(self, **kwargs):
        """The songs of one page with where they are heard."""
        text = clean_query(self.request.GET.get("q", ""))
        songs = Song.objects.published().for_list()
        songs = songs.by_artist() if self.sort == "artist" else songs
        paginator = Paginator(filter_by_text(songs, text), SONGS_PER_PAGE)
        page = requested_page(self.request, paginator)
        heading = f"Songs: {text}" if text else "Songs"
        return super().get_context_data(
            title=f"{heading}, page {page.number}" if page.number > 1 else heading,
            description=meta_description.for_songs(paginator.count, text),
            text=text,
            sort_links=self.sort_links(),
            page=page,
            rows=[(song, heard_in(song), len(song.first_cues) > MAX_LISTED_CUES) for song in page],
            page_numbers=paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
            page_url=page_url_builder(self.request),
            total=paginator.count,
            **kwargs,
        )


class SongDetail(RecordPage):
    """``/songs/<slug>/``."""

    template_name = "catalog/song_detail.html"
    section = "songs"
    kind = "song"

    def find_record(self, slug):
        """The song of that slug, if visitors may see where it is heard."""
        return Song.objects.published().for_page().filter(slug=slug).first()

    def get_context_data(self, **kwargs):
        """The episodes and series in which it is heard, with who performs it on screen."""
        song = self.record
        visible_cues = Cue.objects.visible()
        all_cues = visible_cues.filter(song=song)
        cues = self.lists.part(all_cues.for_list().for_songs(), CUES_PER_PAGE)
        return super().get_context_data(
            title=str(song),
            description=meta_description.for_song(song, cues),
            cover=cover.letters_cover(
                song.slug, cover.initials(song.title or song.artist.name), cover.palette_for(song.slug)
            ),
            infobox=song_infobox(song, all_cues.filter(episode__isnull=False).count()),
            cues=cues,
            has_artist_episodes=song.artist is not None
            and visible_cues.filter(song__artist=song.artist, episode__isnull=False).exists(),
            cited_records=list(cues),
            **kwargs,
        )
