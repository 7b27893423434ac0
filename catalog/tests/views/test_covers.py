"""Pictures on pages, covers as PNG, and every page's Open Graph data."""

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
COVER_URLS = ["/sleeves/site.png", "/sleeves/series/soundtrack.png", "/sleeves/series/soundtrack/s01e03.png"]
COVER_URLS += ["/sleeves/people/joshua-safran.png", "/sleeves/companies/netflix.png"]


@pytest.fixture(autouse=True)
def _nothing_cached():
    cache.clear()


def uploaded(**fields):
    """A saved picture with its files."""
    defaults = {"alt_text": "Two halves", "credit": "Jane Example", "licence": "CC BY 4.0"}
    return Picture.objects.create(file=uploaded_file(encode_image(two_colour_image(700, 350))), **defaults | fields)


def image_of(response):
    """The PNG of a response, decoded."""
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    image = Image.open(io.BytesIO(response.content))
    image.load()
    return image


def meta(page):
    """The meta tags of a page by name or property."""
    return {tag.get("property") or tag.get("name"): tag.get("content") for tag in page.cssselect("meta[content]")}


# Covers as PNG


@pytest.mark.parametrize("url", COVER_URLS)
def test_a_cover_is_a_png_that_is_the_same_every_time(soundtrack, client, url):
    response = client.get(url)
    image = image_of(response)
    assert (image.format, image.size) == ("PNG", (1200, 630))
    assert len(response.content) < 100_000
    assert len(image.getcolors(100_000)) > 3
    assert "public" in response["Cache-Control"]
    assert int(re.search(r"max-age=(\d+)", response["Cache-Control"])[1]) >= 24 * 3600
    cache.clear()
    assert client.get(url).content == response.content
    revalidated = client.get(url, headers={"If-None-Match": response["ETag"]})
    assert (revalidated.status_code, revalidated.content, revalidated["ETag"]) == (304, b"", response["ETag"])


def test_a_cover_is_drawn_once(soundtrack, client, monkeypatch):
    client.get(COVER_URLS[1])
    monkeypatch.setattr("catalog.views.cover.render_png", pytest.fail)
    image_of(client.get(COVER_URLS[1]))


def test_a_cover_changes_with_its_title(client):
    series = make.series("Before")
    first = client.get("/sleeves/series/before.png")
    series.title = "After"
    series.save()
    second = client.get("/sleeves/series/before.png")
    assert first["ETag"] != second["ETag"]
    assert first.content != second.content


def test_drafts_have_no_cover(client):
    later = timezone.now() + timezone.timedelta(days=1)
    draft, visible = make.series("Draft", published_at=None), make.series("Seen")
    make.episode(make.season(draft))
    make.episode(make.season(visible), published_at=later)
    make.person("Later", published_at=later)
    paths = ["series/draft.png", "series/draft/s01e01.png", "series/seen/s01e01.png", "people/later.png"]
    paths += ["people/nobody.png", "companies/seen.png", "series/seen/s01e99999.png", "songs/seen.png", "seen.png"]
    for path in paths:
        assert client.get(f"/sleeves/{path}").status_code == 404, path
    assert client.post("/sleeves/series/seen.png").status_code == 405


def test_a_cover_as_png_has_the_colours_and_shapes_of_the_page(soundtrack, client):
    series = Series.objects.get()
    design = cover.series_cover(series)
    image = image_of(client.get(COVER_URLS[1])).convert("RGB")
    paper, _, _ = cover.COLOURS[design.palette]
    assert image.getpixel((2, 2)) == tuple(bytes.fromhex(paper[1:]))
    tones = cover_png._tones(design.palette)
    for shape in design.shapes:  # the middle of each shape has its colour
        turn = shape.start + shape.extent / 2 if not shape.is_disc else 0
        reach = 0 if shape.is_disc else shape.radius / 2
        right, down = {45: (1, 1), 135: (-1, 1), 225: (-1, -1), 315: (1, -1), 0: (1, 0), 90: (0, 1), 180: (-1, 0)}.get(
            turn % 360, (0, -1)
        )
        x, y = shape.cx + right * reach * 0.7, shape.cy + down * reach * 0.7
        position = (round(1200 - 630 + x * 6.3), round(630 - (design.height - y) * 6.3))
        assert image.getpixel(position) == tuple(bytes.fromhex(tones[shape.tone][1:])), shape


def test_the_palettes_are_those_of_the_style_sheet():
    text = Path(find("catalog/site.css")).read_text(encoding="utf-8")
    rules = re.findall(r"\.pal-(\d+)\s*\{ --sp: (#\w+); --si: (#\w+); --sm: (#\w+); \}", text)
    assert tuple(colours for _, *colours in rules) == tuple(map(list, cover.COLOURS))
    assert [int(number) for number, *_ in rules] == list(range(cover.PALETTES))


@pytest.mark.parametrize(
    "title", ["", "x", "Ж" * 300, "Žižkov – Ťapka", "مسلسل", "🎸", "W" * 300, "a " * 300, "\x00\n", "ﷺ", "e\u0301"]
)
@pytest.mark.parametrize("number", ["", "3", "12345"])
def test_any_title_can_be_drawn(title, number):
    design = cover.Cover("square" if number else "poster", 3, (), 100, 150, title="" if number else title)
    assert render_png(CoverImage(replace(design, number=number), title, title, "Liner"))


def test_a_title_is_never_drawn_over_the_shapes():
    series = make.series("Long " * 40, slug="long")
    with_words, without = (
        Image.open(
            io.BytesIO(render_png(CoverImage(cover.series_cover(series, without_picture=True), title, "", "Liner")))
        )
        for title in (series.title, "")
    )
    corner = (570, 200, 1200, 630)
    assert with_words.crop(corner).tobytes() == without.crop(corner).tobytes()
    assert with_words.tobytes() != without.tobytes()


def test_without_support_for_woff2_the_text_is_still_drawn(monkeypatch):
    cover_png._font.cache_clear()
    monkeypatch.setattr(cover_png, "FONTS", settings.BASE_DIR / "nowhere")
    assert render_png(CoverImage(cover.series_cover(make.series("Some"), without_picture=True), "Some", "", "Liner"))
    cover_png._font.cache_clear()


# Open Graph data and descriptions


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_open_graph_data(soundtrack, client, name):
    page = page_parsing.get_page(client, example_url(name))
    tags = meta(page)
    assert tags["og:title"] == page.cssselect("title")[0].text.rpartition(" – ")[0]
    assert (
        tags["og:url"]
        == page.cssselect("link[rel=canonical]")[0].get("href")
        == f"http://testserver{example_url(name)}"
    )
    assert tags["og:description"] == tags["description"]
    assert 20 <= len(tags["description"]) <= 200
    assert tags["og:type"] in ("website", "profile", "video.tv_show", "video.episode")
    assert tags["twitter:card"] == "summary_large_image"
    assert tags["og:image:alt"]
    assert page.cssselect("link[rel=icon]")
    url = tags["og:image"].removeprefix("http://testserver")
    assert image_of(client.get(url)).size == (int(tags["og:image:width"]), int(tags["og:image:height"]))


def test_descriptions_are_made_of_the_records_facts(soundtrack, client):
    descriptions = {name: meta(page_parsing.get_page(client, example_url(name)))["description"] for name in PAGES}
    assert len(set(descriptions.values())) == len(descriptions)
    assert "Directed by Ti West" in descriptions["episode-detail"]
    assert "in Soundtrack" in descriptions["person-detail"]
    assert "network of Soundtrack" in descriptions["company-detail"]
    narrowed = meta(page_parsing.get_page(client, "/episodes/?director=ti-west&writer=lauren-yee"))["description"]
    assert narrowed == "Episodes directed by Ti West, written by Lauren Yee: 1 episode in the catalogue."


def test_a_record_with_few_facts_has_a_description(client):
    series = make.series("Bare")
    make.episode(make.season(series))
    make.person("Nobody Yet")
    make.company("Nothing Yet")
    for url, words in {
        "/series/bare/": "Bare: 1 season, 1 episode.",
        "/series/bare/season-1/": "Bare, season 1: 1 episode.",
        "/series/bare/s01e01/": "Bare, season 1, episode 1.",
        "/people/nobody-yet/": "Nobody Yet: no credits listed yet.",
        "/companies/nothing-yet/": "Nothing Yet: no part in a series listed yet.",
    }.items():
        assert meta(page_parsing.get_page(client, url))["description"] == words


def test_a_404_page_has_the_description_of_the_site(client):
    tags = meta(page_parsing.get_page(client, "/series/nothing/", 404))
    assert tags["og:image"] == "http://testserver/sleeves/site.png"
    assert tags["description"]


# Pictures on pages

FORM_AND_TYPE = {
    "/series/soundtrack/": ("poster", "video.tv_show"),
    "/series/soundtrack/season-1/": ("poster", "website"),
    "/series/soundtrack/s01e03/": ("still", "video.episode"),
    "/people/joshua-safran/": ("portrait", "profile"),
    "/companies/netflix/": ("logo", "website"),
}


@pytest.fixture
def illustrated(soundtrack):
    """The soundtrack fixture with one picture for every record."""
    picture = uploaded(focal_x=80, focal_y=24, caption="On the set")
    for model in (Series, Episode, Person, Company):
        model.objects.update(picture=picture)
    return picture


@pytest.mark.parametrize("url", FORM_AND_TYPE)
def test_a_record_shows_its_picture_with_credit_and_licence(illustrated, client, url):
    form, page_type = FORM_AND_TYPE[url]
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
    tags = meta(page)
    assert tags["og:type"] == page_type
    assert tags["og:image"] == f"http://testserver{image.get('src')}"
    assert (tags["og:image:width"], tags["og:image:height"], tags["og:image:alt"]) == ("700", "350", "Two halves")


def test_every_file_of_a_picture_exists_and_may_be_cached_for_ever(illustrated, client):
    page = page_parsing.get_page(client, "/series/soundtrack/")
    srcsets = page.xpath("//main//picture//@srcset")
    named = [entry.split() for srcset in srcsets for entry in srcset.split(", ")]
    assert [width for _, width in named] == ["320w", "640w", "700w"] * 3
    for url, width in named:
        response = client.get(url)
        content = b"".join(response.streaming_content)
        image = Image.open(io.BytesIO(content))
        assert f"{image.width}w" == width
        assert response["Content-Type"] == f"image/{image.format.lower()}"
        assert "immutable" in response["Cache-Control"]


@pytest.mark.parametrize("url", ["/", "/series/"])
def test_in_a_list_the_poster_replaces_the_cover_and_is_loaded_lazily(illustrated, client, url):
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


def test_a_record_without_a_picture_has_its_cover(soundtrack, client):
    page = page_parsing.get_page(client, "/series/soundtrack/")
    assert len(page.cssselect("main .cover svg")) == 1
    assert not page.cssselect("main figure, main picture")
