"""Pictures on pages, sleeves as PNG, and what every page says of itself to other sites."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.core.cache import cache
from django.utils import timezone
from PIL import Image

from catalog.models import Company, Episode, Person, Picture, Series
from catalog.tests import factories as make
from catalog.tests import page_parsing
from catalog.tests.sample_images import encode_image, two_colour_image, uploaded_file
from catalog.tests.test_every_page import PAGES, example_url
from catalog.views.presenters import cover, cover_png
from catalog.views.presenters.cover_png import CoverImage, render_png

pytestmark = pytest.mark.django_db
SLEEVES = ["/sleeves/site.png", "/sleeves/series/soundtrack.png", "/sleeves/series/soundtrack/s01e03.png"]
SLEEVES += ["/sleeves/people/joshua-safran.png", "/sleeves/companies/netflix.png"]


@pytest.fixture(autouse=True)
def _nothing_cached():
    cache.clear()


def uploaded(**fields):
    """A picture with its files."""
    said = {"alt_text": "Two halves", "credit": "Jane Example", "licence": "CC BY 4.0"}
    return Picture.objects.create(file=uploaded_file(encode_image(two_colour_image(700, 350))), **said | fields)


def image_of(response):
    """The PNG of a response, decoded."""
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    image = Image.open(io.BytesIO(response.content))
    image.load()
    return image


def meta(page):
    """What a page says of itself, by name or property."""
    return {tag.get("property") or tag.get("name"): tag.get("content") for tag in page.cssselect("meta[content]")}


# Sleeves as PNG


@pytest.mark.parametrize("url", SLEEVES)
def test_a_sleeve_is_a_png_for_links_that_is_the_same_every_time(soundtrack, client, url):
    response = client.get(url)
    image = image_of(response)
    assert (image.format, image.size) == ("PNG", (1200, 630))
    assert len(response.content) < 100_000
    assert len(image.getcolors(100_000)) > 3
    assert "public" in response["Cache-Control"]
    assert int(re.search(r"max-age=(\d+)", response["Cache-Control"])[1]) >= 24 * 3600
    cache.clear()
    assert client.get(url).content == response.content
    again = client.get(url, headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", response["ETag"])


def test_a_sleeve_is_drawn_once(soundtrack, client, monkeypatch):
    client.get(SLEEVES[1])
    monkeypatch.setattr("catalog.views.cover.render_png", pytest.fail)
    image_of(client.get(SLEEVES[1]))


def test_a_sleeve_follows_its_title(client):
    series = make.series("Before")
    first = client.get("/sleeves/series/before.png")
    series.title = "After"
    series.save()
    second = client.get("/sleeves/series/before.png")
    assert first["ETag"] != second["ETag"]
    assert first.content != second.content


def test_what_visitors_may_not_see_has_no_sleeve(client):
    later = timezone.now() + timezone.timedelta(days=1)
    draft, seen = make.series("Draft", published_at=None), make.series("Seen")
    make.episode(make.season(draft))
    make.episode(make.season(seen), published_at=later)
    make.person("Later", published_at=later)
    gone = ["series/draft.png", "series/draft/s01e01.png", "series/seen/s01e01.png", "people/later.png"]
    gone += ["people/nobody.png", "companies/seen.png", "series/seen/s01e99999.png", "songs/seen.png", "seen.png"]
    for url in gone:
        assert client.get(f"/sleeves/{url}").status_code == 404, url
    assert client.post("/sleeves/series/seen.png").status_code == 405


def test_a_sleeve_as_png_has_the_colours_and_shapes_of_the_page(soundtrack, client):
    series = Series.objects.get()
    shown = cover.series_cover(series)
    image = image_of(client.get(SLEEVES[1])).convert("RGB")
    paper, _, _ = cover.COLOURS[shown.palette]
    assert image.getpixel((2, 2)) == tuple(bytes.fromhex(paper[1:]))
    tones = cover_png._tones(shown.palette)
    for shape in shown.shapes:  # the middle of each shape has its colour
        turn = shape.start + shape.extent / 2 if not shape.is_disc else 0
        reach = 0 if shape.is_disc else shape.radius / 2
        right, down = {45: (1, 1), 135: (-1, 1), 225: (-1, -1), 315: (1, -1), 0: (1, 0), 90: (0, 1), 180: (-1, 0)}.get(
            turn % 360, (0, -1)
        )
        x, y = shape.cx + right * reach * 0.7, shape.cy + down * reach * 0.7
        place = (round(1200 - 630 + x * 6.3), round(630 - (shown.height - y) * 6.3))
        assert image.getpixel(place) == tuple(bytes.fromhex(tones[shape.tone][1:])), shape


def test_the_palettes_are_those_of_the_style_sheet():
    text = Path(find("catalog/site.css")).read_text(encoding="utf-8")
    found = re.findall(r"\.pal-(\d+)\s*\{ --sp: (#\w+); --si: (#\w+); --sm: (#\w+); \}", text)
    assert tuple(colours for _, *colours in found) == tuple(map(list, cover.COLOURS))
    assert [int(number) for number, *_ in found] == list(range(cover.PALETTES))


@pytest.mark.parametrize(
    "title", ["", "x", "Ж" * 300, "Žižkov – Ťapka", "مسلسل", "🎸", "W" * 300, "a " * 300, "\x00\n", "ﷺ", "e\u0301"]
)
@pytest.mark.parametrize("number", ["", "3", "12345"])
def test_any_title_can_be_set(title, number):
    shown = cover.Cover("square" if number else "poster", 3, (), 100, 150, title="" if number else title)
    assert render_png(CoverImage(replace(shown, number=number), title, title, "Liner"))


def test_a_title_is_never_written_over_the_shapes():
    series = make.series("Long " * 40, slug="long")
    with_words, without = (
        Image.open(io.BytesIO(render_png(CoverImage(cover.series_cover(series, bare=True), title, "", "Liner"))))
        for title in (series.title, "")
    )
    corner = (570, 200, 1200, 630)
    assert with_words.crop(corner).tobytes() == without.crop(corner).tobytes()
    assert with_words.tobytes() != without.tobytes()


def test_without_a_reader_of_woff2_the_words_are_still_set(monkeypatch):
    cover_png._font.cache_clear()
    monkeypatch.setattr(cover_png, "FONTS", settings.BASE_DIR / "nowhere")
    assert render_png(CoverImage(cover.series_cover(make.series("Some"), bare=True), "Some", "", "Liner"))
    cover_png._font.cache_clear()


# What pages say of themselves


@pytest.mark.parametrize("name", PAGES)
def test_every_page_says_what_it_is_to_other_sites(soundtrack, client, name):
    page = page_parsing.get_page(client, example_url(name))
    said = meta(page)
    assert said["og:title"] == page.cssselect("title")[0].text.rpartition(" – ")[0]
    assert (
        said["og:url"]
        == page.cssselect("link[rel=canonical]")[0].get("href")
        == f"http://testserver{example_url(name)}"
    )
    assert said["og:description"] == said["description"]
    assert 20 <= len(said["description"]) <= 200
    assert said["og:type"] in ("website", "profile", "video.tv_show", "video.episode")
    assert said["twitter:card"] == "summary_large_image"
    assert said["og:image:alt"]
    assert page.cssselect("link[rel=icon]")
    url = said["og:image"].removeprefix("http://testserver")
    assert image_of(client.get(url)).size == (int(said["og:image:width"]), int(said["og:image:height"]))


def test_descriptions_are_of_the_records_own_facts(soundtrack, client):
    said = {name: meta(page_parsing.get_page(client, example_url(name)))["description"] for name in PAGES}
    assert len(set(said.values())) == len(said)
    assert "Directed by Ti West" in said["episode-detail"]
    assert "in Soundtrack" in said["person-detail"]
    assert "network of Soundtrack" in said["company-detail"]
    narrowed = meta(page_parsing.get_page(client, "/episodes/?director=ti-west&writer=lauren-yee"))["description"]
    assert narrowed.startswith("1 episode in the catalogue, narrowed to Director Ti West and Writer Lauren Yee.")


def test_a_bare_record_is_described_all_the_same(client):
    series = make.series("Bare")
    make.episode(make.season(series))
    make.person("Nobody Yet")
    make.company("Nothing Yet")
    for url, words in {
        "/series/bare/": "Bare: 1 season, 1 episode.",
        "/series/bare/season-1/": "Bare, season 1: 1 episode.",
        "/series/bare/s01e01/": "Episode 1 of Bare, season 1.",
        "/people/nobody-yet/": "Nobody Yet: no credits yet.",
        "/companies/nothing-yet/": "Nothing Yet: no part in a series recorded yet.",
    }.items():
        assert meta(page_parsing.get_page(client, url))["description"] == words


def test_a_page_that_is_not_there_says_nothing_of_a_record(client):
    said = meta(page_parsing.get_page(client, "/series/nothing/", 404))
    assert said["og:image"] == "http://testserver/sleeves/site.png"
    assert said["description"]


# Pictures on pages

SHOWN = {
    "/series/soundtrack/": ("poster", "video.tv_show"),
    "/series/soundtrack/season-1/": ("poster", "website"),
    "/series/soundtrack/s01e03/": ("still", "video.episode"),
    "/people/joshua-safran/": ("portrait", "profile"),
    "/companies/netflix/": ("logo", "website"),
}


@pytest.fixture
def illustrated(soundtrack):
    """The article with one picture everywhere."""
    picture = uploaded(focal_x=80, focal_y=24, caption="On the set")
    for model in (Series, Episode, Person, Company):
        model.objects.update(picture=picture)
    return picture


@pytest.mark.parametrize("url", SHOWN)
def test_a_record_shows_its_picture_with_who_made_it_and_by_what_right(illustrated, client, url):
    form, kind = SHOWN[url]
    page = page_parsing.get_page(client, url)
    (figure,) = page.cssselect("main figure")
    assert figure.get("class") == f"figure figure--{form}"
    assert page_parsing.text(figure.cssselect("figcaption")[0]) == "On the set Picture: Jane Example, CC BY 4.0"
    assert [source.get("type") for source in figure.cssselect("source")] == ["image/avif", "image/webp"]
    (image,) = figure.cssselect("img")
    assert (image.get("alt"), image.get("width"), image.get("height")) == ("Two halves", "700", "350")
    assert image.get("loading") is None
    assert image.get("class").split() == ["fx-8", "fy-2"]
    assert not page.xpath("//main//*[@style]")
    said = meta(page)
    assert said["og:type"] == kind
    assert said["og:image"] == f"http://testserver{image.get('src')}"
    assert (said["og:image:width"], said["og:image:height"], said["og:image:alt"]) == ("700", "350", "Two halves")


def test_every_file_that_a_picture_names_is_there_and_may_be_kept_for_ever(illustrated, client):
    page = page_parsing.get_page(client, "/series/soundtrack/")
    sets = page.xpath("//main//picture//@srcset")
    named = [entry.split() for each in sets for entry in each.split(", ")]
    assert [width for _, width in named] == ["320w", "640w", "700w"] * 3
    for url, width in named:
        response = client.get(url)
        content = b"".join(response.streaming_content)
        image = Image.open(io.BytesIO(content))
        assert f"{image.width}w" == width
        assert response["Content-Type"] == f"image/{image.format.lower()}"
        assert "immutable" in response["Cache-Control"]


@pytest.mark.parametrize("url", ["/", "/series/"])
def test_in_a_list_the_poster_stands_where_the_sleeve_would_and_is_loaded_when_seen(illustrated, client, url):
    page = page_parsing.get_page(client, url)
    (image,) = page.cssselect("main .shelf__cover img")
    assert (image.get("alt"), image.get("loading")) == ("", "lazy")
    assert not page.cssselect(".cover")


def test_the_classes_of_the_focal_point_are_in_both_style_sheets():
    for name in ("catalog/site.css", "catalog/admin-picture.css"):
        text = Path(find(name)).read_text(encoding="utf-8")
        for axis in "xy":
            steps = re.findall(rf"\.f{axis}-(\d+) {{ --f{axis}: (\d+)%; }}", text)
            assert [(int(step), int(percent)) for step, percent in steps] == [(n, 10 * n) for n in range(11) if n != 5]


def test_without_a_picture_a_record_has_its_sleeve(soundtrack, client):
    page = page_parsing.get_page(client, "/series/soundtrack/")
    assert len(page.cssselect("main .cover svg")) == 1
    assert not page.cssselect("main figure, main picture")
