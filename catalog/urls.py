"""The URLs of the catalogue. They are stable: people have bookmarks."""

from django.urls import path, re_path

from catalog.views import cover, health, site_files, sitemaps
from catalog.views.character import CharacterDetail
from catalog.views.company import CompanyDetail, CompanyList
from catalog.views.episode import EpisodeDetail, EpisodeList
from catalog.views.facet_values import FacetValueList
from catalog.views.home import Home
from catalog.views.person import PersonDetail, PersonList
from catalog.views.person_pair import PersonPairPage
from catalog.views.search import SearchPage, suggestions
from catalog.views.series import SeasonDetail, SeriesDetail, SeriesList
from catalog.views.song import SongDetail, SongList
from catalog.views.source import SourceDetail, SourceList

SLUG = r"(?P<slug>[-a-zA-Z0-9_]{1,120})"
OTHER_SLUG = SLUG.replace("slug", "other_slug")
# In any case: the view redirects to lower case. ``reverse`` takes the first letter of each set.
SEASON = r"[sS][eE][aA][sS][oO][nN]-(?P<number>[0-9]{1,4})"
EPISODE = r"[sS](?P<season>[0-9]{1,4})[eE](?P<number>[0-9]{1,5})"

urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("series/", SeriesList.as_view(), name="series-list"),
    re_path(rf"^series/{SLUG}/\Z", SeriesDetail.as_view(), name="series-detail"),
    re_path(rf"^series/{SLUG}/{SEASON}/\Z", SeasonDetail.as_view(), name="season-detail"),
    re_path(rf"^series/{SLUG}/{EPISODE}/\Z", EpisodeDetail.as_view(), name="episode-detail"),
    path("episodes/", EpisodeList.as_view(), name="episode-list"),
    path("people/", PersonList.as_view(), name="person-list"),
    re_path(rf"^people/{SLUG}/\Z", PersonDetail.as_view(), name="person-detail"),
    re_path(rf"^people/{SLUG}/with/{OTHER_SLUG}/\Z", PersonPairPage.as_view(), name="person-pair"),
    path("companies/", CompanyList.as_view(), name="company-list"),
    re_path(rf"^companies/{SLUG}/\Z", CompanyDetail.as_view(), name="company-detail"),
    re_path(rf"^characters/{SLUG}/\Z", CharacterDetail.as_view(), name="character-detail"),
    path("songs/", SongList.as_view(), name="song-list"),
    re_path(rf"^songs/{SLUG}/\Z", SongDetail.as_view(), name="song-detail"),
    path("search/", SearchPage.as_view(), name="search"),
    path("search/suggest", suggestions, name="suggest"),
    path("sources/", SourceList.as_view(), name="source-list"),
    re_path(rf"^sources/{SLUG}/\Z", SourceDetail.as_view(), name="source-detail"),
    path("series/facets/<slug:name>/", FacetValueList.as_view(), {"kind": "series"}, name="series-facet"),
    path("episodes/facets/<slug:name>/", FacetValueList.as_view(), {"kind": "episode"}, name="episode-facet"),
    path("people/facets/<slug:name>/", FacetValueList.as_view(), {"kind": "person"}, name="person-facet"),
    path("sleeves/site.png", cover.site_cover, name="sleeve-site"),
    re_path(rf"^sleeves/(?P<collection>series|people|companies)/{SLUG}\.png\Z", cover.record_cover, name="sleeve"),
    re_path(
        rf"^sleeves/series/{SLUG}/s(?P<season>[0-9]{{1,4}})e(?P<number>[0-9]{{1,5}})\.png\Z",
        cover.episode_cover,
        name="sleeve-episode",
    ),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("robots.txt", site_files.robots, name="robots"),
    path("favicon.ico", site_files.favicon, name="favicon"),
    path("speculation-rules.json", site_files.speculation_rules, name="speculation-rules"),
    path("opensearch.xml", site_files.opensearch, name="opensearch"),
    path("sitemap.xml", sitemaps.sitemap_index, name="sitemap"),
    path("sitemap-<section>.xml", sitemaps.sitemap_section, name="sitemap-section"),
]
