"""The page that the benches of rendering use: 25 rows beside 8 facets of 10 values, one of them selected.

It comes in two forms: as plain data for the lean templates of ``bench/lean``, and as the context that the site's own
view passes to its template.
"""

from datetime import date, timedelta
from pathlib import Path

from django.template.backends.django import DjangoTemplates
from django.template.backends.jinja2 import Jinja2
from django.test import RequestFactory

from bench import in_memory_site
from catalog.tests import factories
from catalog.views.episode import EpisodeList

ROWS, BLOCKS, VALUES = 25, 8, 10
FACETS = ["series", "director", "writer", "cast", "character", "genre", "network", "year"]
SYNOPSIS = "Nellie finds a song that she had put away, and Sam finds out for whom it was once written. " * 2


def lean_context(record):
    """Context of the lean templates; labels and URLs are computed here, so that a template only outputs them.

    ``record`` builds a row from keyword arguments: ``dict`` or ``SimpleNamespace``.
    """
    people = [record(name=f"Person {n}", url=f"?director=person-{n}") for n in range(40)]
    rows = [
        record(
            slug=f"series-{n % 5}/s01e{n:02}",
            number=n,
            name=f"Track {n}: a song & its echo",
            url=f"/series/series-{n % 5}/s01e{n:02}/",
            series=f"Series {n % 5}, season 1, episode {n}",
            synopsis=SYNOPSIS,
            directors=people[n : n + 1],
            writers=people[n + 5 : n + 7],
            iso=f"2019-12-{n:02}",
            date=f"{n} Dec 2019",
            code=f"1ARN{n:02}",
            runtime=f"{40 + n} min",
        )
        for n in range(1, ROWS + 1)
    ]
    blocks = [lean_block(record, name) for name in FACETS]
    return {"title": "Episodes", "total": "12,480 episodes", "rows": rows, "blocks": blocks}


def lean_block(record, name):
    """A facet with its values; the first director is selected."""
    values = [
        record(
            slug=f"{name}-{n}",
            label=f"{name.title()} {n}",
            count=480 // (n + 1),
            url=f"?director=director-0&{name}={name}-{n}",
            selected=(name, n) == ("director", 0),
        )
        for n in range(VALUES)
    ]
    return record(name=name, label=name.title(), values=values, total=320)


def lean_template(engine):
    """The lean template of an engine, ``django`` or ``jinja2``; both render the same page."""
    params = {"NAME": "bench", "DIRS": [Path(__file__).parent / "lean"], "APP_DIRS": False}
    if engine == "django":
        return DjangoTemplates(params | {"OPTIONS": {}}).get_template("list_django.html")
    options = {"environment": "catalog.jinja2_environment.environment", "auto_reload": False}
    return Jinja2(params | {"OPTIONS": options}).get_template("list_jinja2.html")


def episode_list():
    """The view of ``/episodes/`` and its context with everything loaded, over a new database in memory."""
    in_memory_site.create_tables()
    create_records()
    view = EpisodeList()
    view.setup(RequestFactory().get("/episodes/", {"director": "person-0"}))
    context = view.get_context_data()
    context["page_numbers"] = list(context["page_numbers"])  # a generator: the page is rendered many times
    context["blocks"] = [block for block in context["blocks"] if len(block.values) == VALUES][:BLOCKS]
    sizes = len(context["page"].object_list), len(context["blocks"])
    if sizes != (ROWS, BLOCKS):
        raise RuntimeError(f"The page has {sizes[0]} rows and {sizes[1]} facets instead of {ROWS} and {BLOCKS}")
    return view, context


def create_records():
    """Create 60 episodes of 12 series in which every facet has ten values; person-0 directed all of them."""
    people = [factories.person(f"Person {n}") for n in range(24)]
    genres = [factories.genre() for _ in range(12)]
    for n in range(12):
        series = factories.series(f"Series {n}")
        series.genres.set(genres)
        factories.series_company(series, factories.company())
        season = factories.season(series)
        factories.credit(series, people[n], "cast", character=factories.character(series), kind="main")
        for number in range(1, 6):
            air_date = date(2000 + n, 1, 1) + timedelta(weeks=number)
            episode = factories.episode(season, number, air_date=air_date, runtime=40, synopsis=SYNOPSIS)
            factories.credit(episode, people[0], "director")
            factories.credit(episode, people[number + n], "director")
            factories.credit(episode, people[n + 1], "writer")
            factories.credit(episode, people[n + 2], "writer")
