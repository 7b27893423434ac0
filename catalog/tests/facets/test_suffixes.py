"""The suffixes of parameters, roles as facets, and ranges: answers written by hand for the soundtrack fixture.

Episode: director; writers. 1: Peretz; Safran. 2: Gaviola; Schacter. 3: West; Hursey, Richlin. 4: Swanberg; Safran.
5: West; Yee. 6: Grant; Kramer. 7: Swanberg; Yee, Hursey, Richlin. 8: Safran; Rachel. 9: Grant; Tuttle.
10: Gaviola; Safran, Schacter. Safran is creator and executive producer of the series.
"""

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from catalog.facets.episode import EpisodeFacets
from catalog.facets.index.engine import IndexEngine
from catalog.facets.person import PersonFacets
from catalog.facets.series import SeriesFacets
from catalog.facets.sql_engine import SqlEngine
from catalog.models import Department, Episode, Person, Role
from catalog.models.role import RESERVED_SLUGS
from catalog.tests import factories as make
from catalog.tests import page_parsing

pytestmark = pytest.mark.django_db
LISTS = (EpisodeFacets, SeriesFacets, PersonFacets)
ALL = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}

EPISODES = {
    "writer__all=khiyon-hursey&writer__all=harrison-richlin": {3, 7},
    "director__not=ti-west": ALL - {3, 5},
    "writer__missing=1": set(),
    "role=cinematographer&crew=jas-shelton": set(),  # of some episodes, not known which
    "role=composer": set(),
    "composer=zac-clark": set(),
    "composer__missing=1&director=ti-west": {3, 5},
    "editor__not=brad-katz&cinematographer=jas-shelton&cinematographer__missing=1&writer=lauren-yee": {5, 7},
    "crew=paul-james": set(),
    "person=paul-james": ALL,
    "role=director&crew=joshua-safran": {8},
    "director=ti-west&writer__not=lauren-yee": {3},
    "director=ti-west&director=joe-swanberg&writer__not=lauren-yee": {3, 4},
    "writer__all=lauren-yee&writer__all=khiyon-hursey&director__not=ti-west": {7},
    "writer=lauren-yee&writer__not=khiyon-hursey": {5},
    "writer__all=joshua-safran&writer__not=beth-schacter": {1, 4},
    "writer=beth-schacter&writer=lauren-yee&writer__all=joshua-safran": {10},
    "director=ti-west&director__missing=1": {3, 5},
    "director__not=ti-west&director__not=joe-swanberg&writer=joshua-safran": {1, 10},
    "role=writer&crew=joshua-safran": {1, 4, 10},
    "role=director&role=writer&crew=joshua-safran": {1, 4, 8, 10},
    "role=writer&person=lauren-yee": {5, 7},
    "role=writer&person=lauren-yee&person=ti-west": {5, 7},
    "role=cast&crew=paul-james": set(),
    "role=cast&person=paul-james": ALL,
    "role=cast&person=ti-west": set(),
    "role=director&crew__not=ti-west": ALL - {3, 5},
    "role=nobody&crew=ti-west": set(),
    "role=director": ALL,
    "role__not=director": set(),
    "role__all=director&role__all=writer": ALL,
    "role__missing=1": set(),
    "role=guest": set(),
    "executive-producer=megan-ellison": ALL,
    "executive-producer=sue-naegle": set(),  # of the pilot only
    "executive-producer=sue-naegle&executive-producer__missing=1": set(),
    "showrunner__missing=1&director=darren-grant": {6, 9},
    "creator=joshua-safran&director__not=joshua-safran": ALL - {8},
    "crew__all=joshua-safran&crew__all=ti-west": {3, 5},
    "role=director&role=writer&crew__all=khiyon-hursey&crew__all=joe-swanberg": {7},
    "role=director&crew__all=khiyon-hursey&crew__all=joe-swanberg": set(),
    "cast__not=paul-james": set(),
    "person__not=lauren-yee&person__not=joe-swanberg&person=khiyon-hursey": {3},
    "character__not=sam-hughes": ALL - {1, 3, 7},
    "character__missing=1": {10},
    "character__all=sam-hughes&character__all=frank-obrien": {7},
    "character=margot-weston&character__missing=1": {4, 9, 10},
    "year__gte=2019": ALL,
    "year__gte=2020": set(),
    "year__lte=2018": set(),
    "year__gte=2019&year__lte=2019&director=ti-west": {3, 5},
    "year__gte=last": set(),
    "runtime__gte=1": set(),  # no running time is recorded
    "runtime__lte=999999999999999": set(),
    "year__not=2019": set(),
    "year__missing=1": set(),
    "genre__not=musical-drama": set(),
    "network__all=netflix&network__all=fox": set(),  # Fox ordered the pilot only
    "season__not=season-2&season__not=1&director=ti-west": set(),
    "writer__all=nobody&writer__all=lauren-yee": set(),
    "writer__not=nobody&writer__not=joshua-safran": ALL - {1, 4, 10},
    "director=ti-west&director__not=ti-west": set(),
    "director__missing=0": ALL,
    "director__missing=true&director__foo=ti-west&colour__not=red&director__missing__not=1": ALL,
    "director=darren-grant&director=joe-swanberg&director__not=joe-swanberg&writer=korde-tuttle&writer__missing=1"
    "&person__all=paul-james&crew__all=joshua-safran&role=executive-producer&role=cast&character__not=sam-hughes"
    "&genre__not=drama&season=1&year__gte=2019&year__lte=2030&executive-producer__not=sue-naegle": {9},
}

SERIES = {
    "cinematographer=jas-shelton": {"soundtrack"},
    "role=cinematographer&crew=jas-shelton": {"soundtrack"},
    "role=composer&crew=jas-shelton": set(),
    "cinematographer__not=jas-shelton": {"another"},
    "cinematographer__missing=1": {"another"},
    "composer__all=zac-clark&composer__all=andrew-mcmahon": {"soundtrack"},
    "role=composer": {"soundtrack"},
    "role__not=composer": {"another"},
    "role__missing=1": {"another"},
    "genre__not=musical-drama": {"another"},
    "genre__missing=1": {"another"},
    "genre=musical-drama&genre__missing=1": {"soundtrack", "another"},
    "network__all=netflix&company__not=fox": set(),
    "director=ti-west&director__not=joe-swanberg": set(),
    "director__all=ti-west&director__all=joe-swanberg&country__not=gb": {"soundtrack"},
    "decade__not=2010s": {"another"},
    "language__missing=1&status=ended": {"another"},
    "status__missing=1": set(),
    "guest__missing=1": {"soundtrack", "another"},
}

PEOPLE = {
    "role__all=director&role__all=writer": {"joshua-safran"},
    "role=director&role__not=writer": {"jesse-peretz", "karen-gaviola", "ti-west", "joe-swanberg", "darren-grant"},
    "with__all=ti-west&with__all=lauren-yee&role=director": {"joshua-safran"},
    "with=lauren-yee&with__not=joshua-safran&role=director": {"joshua-safran"},
    "with=lauren-yee&role=director": {"joe-swanberg", "joshua-safran", "ti-west"},
    "with=lauren-yee&with__not=joe-swanberg&role=director": {"joe-swanberg", "ti-west"},
    "department__all=camera&department__not=music&initial__not=l&series__all=soundtrack&initial__not=s": {
        "tom-clancey",
        "alex-nepomniaschy",
    },
    "role=director&series__not=soundtrack": set(),
    "role__missing=1": {"nobody-yet"},
    "series=nothing&series__missing=1&initial=y": {"nobody-yet"},
}


@pytest.fixture(params=[IndexEngine, SqlEngine], ids=["index", "sql"])
def engine(request, monkeypatch):
    """Let every list be answered by one engine."""
    for facet_set in LISTS:
        monkeypatch.setattr(facet_set, "engines", (request.param,))


def facets_of(facet_set, query):
    return facet_set(QueryDict(query))


def numbers(query):
    """Return the numbers of the matching episodes of the fixture."""
    facets = facets_of(EpisodeFacets, query)
    rows = dict(facets.queryset.values_list("pk", "number"))
    keys = facets.engine.page_ids(0, 25)
    assert facets.engine.total() == len(keys)
    return {rows[key] for key in keys}


def slugs(facet_set, query):
    facets = facets_of(facet_set, query)
    rows = dict(facets.queryset.values_list("pk", "slug"))
    return {rows[key] for key in facets.engine.page_ids(0, 100)}


def counts(name, query, facet_set=EpisodeFacets):
    """Return the counts of a facet by slug."""
    facets = facets_of(facet_set, query)
    entries, total = facets.engine.top_values(name)
    assert total == len(entries)
    by_slug = {slug: count for _, slug, _, count in entries}
    assert {slug: facets.engine.count_of(name, key) for key, slug, _, _ in entries} == by_slug
    return by_slug


def test_episodes(soundtrack, engine):
    assert {query: numbers(query) for query in EPISODES} == EPISODES


def test_series(soundtrack, engine):
    make.series("Another", premiered="1998-01", status="ended")
    assert {query: slugs(SeriesFacets, query) for query in SERIES} == SERIES


def test_people(soundtrack, engine):
    make.person("Nobody Yet")
    assert {query: slugs(PersonFacets, query) for query in PEOPLE} == PEOPLE


DIRECTORS = {"jesse-peretz": 1, "karen-gaviola": 2, "ti-west": 2, "joe-swanberg": 2, "darren-grant": 2}


def test_counts_leave_out_the_own_choice_but_for_what_is_excluded(soundtrack, engine):
    assert counts("director", "director=ti-west") == {**DIRECTORS, "joshua-safran": 1}
    assert counts("director", "director__missing=1&writer=lauren-yee") == {"ti-west": 1, "joe-swanberg": 1}
    expected = {**DIRECTORS, "joshua-safran": 1}
    del expected["ti-west"]
    assert counts("director", "director=joe-swanberg&director__not=ti-west") == expected


def test_with_all_a_count_says_what_remains_when_the_value_is_added(soundtrack, engine):
    expected = {"khiyon-hursey": 2, "harrison-richlin": 2, "lauren-yee": 1}
    assert counts("writer", "writer__all=khiyon-hursey") == expected
    expected = {"khiyon-hursey": 1, "harrison-richlin": 1, "lauren-yee": 1}
    assert counts("writer", "writer__all=khiyon-hursey&writer=lauren-yee") == expected
    assert counts("writer", "writer__all=nobody") == {}
    facets = facets_of(EpisodeFacets, "writer__all=khiyon-hursey&writer__all=lauren-yee&director=joe-swanberg")
    assert {entry[1]: entry[3] for entry in facets.values("writer", 10)[0]} == {"khiyon-hursey": 1, "lauren-yee": 1}
    assert facets.engine.total(writer__all=["khiyon-hursey"]) == 1
    assert facets.engine.total(director=None) == 1
    facets = facets_of(EpisodeFacets, "person__all=khiyon-hursey&person__all=joe-swanberg")
    assert {entry[1]: entry[3] for entry in facets.values("person", 10)[0]} == {"khiyon-hursey": 1, "joe-swanberg": 1}


def test_with_a_role_crew_lists_the_people_of_that_role(soundtrack, engine):
    assert counts("crew", "role=director") == {**DIRECTORS, "joshua-safran": 1}
    assert counts("crew", "role=director&crew=joshua-safran") == {**DIRECTORS, "joshua-safran": 1}
    expected = {"joshua-safran": 1, "ti-west": 1, "lauren-yee": 2, "joe-swanberg": 1, "khiyon-hursey": 1}
    del expected["joshua-safran"]
    query = "role=director&role=writer&writer=lauren-yee"
    assert counts("crew", query) == {**expected, "harrison-richlin": 1}
    facets = facets_of(EpisodeFacets, query)
    key = Person.objects.get(slug="lauren-yee").pk
    assert facets.engine.roles_of("crew", [key]) == {key: ["Writer"]}
    safran = Person.objects.get(slug="joshua-safran").pk
    facets = facets_of(EpisodeFacets, "role=director&role=writer&director=joshua-safran&director=jesse-peretz")
    assert facets.engine.roles_of("crew", [safran]) == {safran: ["Director", "Writer"]}


def test_the_count_of_a_role_is_the_total_with_that_role(soundtrack, engine):
    expected = {"creator": 10, "executive-producer": 10, "writer": 3, "director": 1}
    assert counts("role", "crew=joshua-safran") == expected
    assert counts("role", "crew=joshua-safran&role=director") == expected
    assert counts("role", "person=paul-james&director=ti-west") == {"cast": 2}
    assert counts("role", "crew=ti-west&crew=lauren-yee") == {"director": 2, "writer": 2}
    assert counts("role", "crew=joshua-safran", SeriesFacets) == dict.fromkeys(expected, 1)
    plain = counts("role", "director=ti-west")
    assert plain["director"] == plain["writer"] == plain["executive-producer"] == plain["cast"] == 2
    assert counts("role", "role=director&role__all=writer")["director"] == 10


def test_what_is_not_recorded_is_counted(soundtrack, engine):
    totals = {
        ("character", "character=sam-hughes"): 1,
        ("character", "character__not=sam-hughes&director=karen-gaviola"): 1,
        ("character", "character=sam-hughes&director=ti-west"): 0,
        ("writer", "writer=lauren-yee"): 0,
        ("showrunner", "showrunner=ti-west&director=ti-west"): 2,
        ("crew", "crew=jas-shelton&role=cinematographer"): 10,
        ("composer", "composer=zac-clark&director__not=ti-west"): 8,
        ("crew", "crew=ti-west&role=director"): 0,
    }
    assert {(name, query): facets_of(EpisodeFacets, query).not_recorded(name) for name, query in totals} == totals


def test_a_role_has_a_page_of_all_its_people(soundtrack, client):
    page = page_parsing.get_page(client, "/series/facets/cinematographer/")
    assert page_parsing.facet_values(page, "cinematographer") == {
        "jas-shelton": 1,
        "tom-clancey": 1,
        "alex-nepomniaschy": 1,
    }
    page = page_parsing.get_page(client, "/episodes/facets/executive-producer/?director=ti-west")
    assert page_parsing.facet_values(page, "executive-producer") == {
        "joshua-safran": 2,
        "megan-ellison": 2,
        "ali-krug": 2,
    }
    assert client.get("/people/facets/cinematographer/").status_code == 404
    assert client.get("/episodes/facets/no-role/").status_code == 404


def test_a_chosen_role_has_a_block(soundtrack, client):
    page = page_parsing.get_page(client, "/episodes/?executive-producer=ali-krug&producer=")
    assert page_parsing.selected_values(page, "executive-producer") == {"ali-krug"}
    assert not page.cssselect("[data-facet=producer]")
    assert page_parsing.result_total(page) == 10


def test_people_who_are_not_published_are_not_recorded(vocabulary, engine):
    episode = make.episode()
    make.credit(episode, make.person("Draft Dee", published_at=None), "editor")
    missing = ["editor__missing=1", "crew__missing=1", "role__missing=1", "person__missing=1"]
    queries = [*missing, "editor__not=draft-dee"]
    for query in queries:
        assert facets_of(EpisodeFacets, query).engine.total() == 1, query
        assert query == "editor__not=draft-dee" or facets_of(SeriesFacets, query).engine.total() == 1, query
    assert counts("role", "") == {}
    Person.objects.get(slug="draft-dee").save()
    person = Person.objects.get(slug="draft-dee")
    person.published_at = episode.published_at
    person.save()
    for query in queries:
        assert facets_of(EpisodeFacets, query).engine.total() == 0, query
        assert facets_of(SeriesFacets, query).engine.total() == 0, query
    assert counts("role", "") == counts("role", "", SeriesFacets) == {"editor": 1}


def test_somebody_in_two_roles_on_two_levels_counts_once(vocabulary, engine):
    season = make.season()
    episodes = [make.episode(season) for _ in range(3)]
    ida, ann = make.person("Ida Both"), make.person("Ann Ek")
    make.credit(season.series, ida, "editor")
    make.credit(season, ida, "composer")
    make.credit(episodes[0], ida, "director")
    make.credit(episodes[0], ann, "director")
    make.credit(episodes[0], ann, "editor")
    make.credit(episodes[1], ann, "editor")
    query = "role=director&role=editor&role=composer"
    assert counts("crew", query) == {"ida-both": 3, "ann-ek": 2}
    assert counts("crew", "role=director&role=composer&composer__not=nobody") == {"ida-both": 3, "ann-ek": 1}
    assert counts("crew", f"{query}&director=ann-ek") == {"ida-both": 1, "ann-ek": 1}


def test_ranges_of_years_and_minutes(vocabulary, engine):
    season = make.season()
    for date, runtime in (("2018", 20), ("2019-05", 30), ("2020-01-01", None), (None, 60)):
        make.episode(season, air_date=date, runtime=runtime)
    expected = {
        "year__gte=2019": {2, 3},
        "year__lte=2019": {1, 2},
        "year__gte=2019&year__lte=2019": {2},
        "year__gte=02019&year__lte=10000000000": {2, 3},
        "year__gte=２０１９": {2, 3},
        "year__gte=2019&year__missing=1": set(),
        "runtime__gte=30": {2, 4},
        "runtime__lte=30": {1, 2},
        "runtime__gte=0": {1, 2, 4},
        "runtime__gte=25&runtime__lte=59&year__not=2018": {2},
        "runtime__gte=-1": set(),
        "year__gte=": {1, 2, 3, 4},
        "year__missing=1": {4},
        "runtime=30": {1, 2, 3, 4},
    }
    assert {query: numbers(query) for query in expected} == expected
    assert counts("year", "year__gte=2019") == {"2019": 1, "2020": 1}
    assert facets_of(EpisodeFacets, "year__gte=２０１９").selection == {"year__gte": "2019"}
    assert facets_of(EpisodeFacets, "year__gte=2019&runtime__gte=30").engine.total(year__gte=None) == 2


def test_the_selection_is_by_parameter_and_limited_over_all(soundtrack):
    facets = facets_of(
        EpisodeFacets,
        "director=TI-West&director__not=a&director__missing=1&director__all=b&year__gte=2019&q=x&editor=c",
    )
    assert facets.selection == {
        "q": "x",
        "director": ["ti-west"],
        "director__all": ["b"],
        "director__not": ["a"],
        "director__missing": ["1"],
        "year__gte": "2019",
        "editor": ["c"],
    }
    many = "&".join(f"director{suffix}=v{n}" for suffix in ("", "__all", "__not") for n in range(40))
    assert sum(map(len, facets_of(EpisodeFacets, many).selection.values())) == 50
    long = "&".join(f"{role.slug}__not={'x' * 100}" for role in Role.objects.all())
    assert sum(map(len, facets_of(EpisodeFacets, long).selection.values())) == 20


def test_a_new_role_is_a_facet_at_once_and_a_renamed_one_moves(soundtrack, engine):
    assert numbers("gaffer=ti-west") == ALL
    role = make.role("gaffer")
    assert numbers("gaffer=ti-west") == set()
    make.credit(Episode.objects.get(number=4), Person.objects.get(slug="ti-west"), "gaffer")
    assert numbers("gaffer=ti-west") == {4}
    assert numbers("role=gaffer") == {4}
    role.slug = "chief-lighting-technician"
    role.save()
    assert numbers("chief-lighting-technician=ti-west") == {4}
    assert numbers("gaffer=ti-west") == ALL


def test_a_role_may_not_take_the_name_of_another_parameter(vocabulary):
    declared = {name for facet_set in LISTS for name in facet_set.base_filters if "__" not in name}
    roles = set(Role.objects.values_list("slug", flat=True))
    assert declared & roles == {"cast", "creator", "director", "writer"}
    assert declared - roles <= RESERVED_SLUGS
    assert not RESERVED_SLUGS & roles
    department = Department.objects.first()
    for slug in ("season", "sort", "page", "director__not"):
        with pytest.raises(ValidationError, match="parameter of lists"):
            Role(name="A role", slug=slug, department=department).full_clean()
    role = Role.objects.create(name="Season", department=department)
    assert role.slug == "season-2"
    for role in Role.objects.all():
        role.full_clean()
