"""The selection of a list as a sentence: each case was written by hand before the function."""

from types import SimpleNamespace
from urllib.parse import parse_qs

import pytest

from catalog.facets.choice import choices_of
from catalog.facets.episode import EpisodeFacets
from catalog.facets.facet import Facet
from catalog.facets.person import PersonFacets
from catalog.facets.sentence import describe_selection, phrase_of
from catalog.facets.series import SeriesFacets
from catalog.facets.wording import lower_first, role_phrase

ROLES = ("Cinematographer", "Composer", "Editor", "Casting director", "Music supervisor", "Teleplay")
LABELS = {"netflix": "Netflix", "us": "United States", "en": "English", "2010s": "2010s", "acn": "ACN Films"} | {
    name.lower().replace(" ", "-"): name
    for name in (
        *ROLES,
        *("Director", "Writer", "Producer", "Story", "Ti West", "Joe Swanberg", "Lauren Yee", "Zac Clark", "Ann Lee"),
        *(
            "Bo Ek",
            "Soundtrack",
            "Season 1",
            "Drama",
            "Musical drama",
            "Ended",
            "2019",
            "2020",
            "Nellie",
            "Writing",
            "W",
        ),
    )
}


def describe(facet_set, query):
    """Return the sentence about a query, without the database."""
    texts = ("q", "year__gte", "year__lte", "runtime__gte", "runtime__lte")
    selection = {name: values[0] if name in texts else values for name, values in parse_qs(query).items()}
    filters = {"q": SimpleNamespace(label="Text")}
    filters |= {name: item for name, item in facet_set.base_filters.items() if isinstance(item, Facet)}
    for role in ROLES:
        slug = role.lower().replace(" ", "-")
        filters.setdefault(slug, EpisodeFacets.people_facet(roles=(slug,), label=role))
    filters |= {name: SimpleNamespace(label=name) for name in texts[1:]}
    facets = {name: item for name, item in filters.items() if isinstance(item, Facet)}
    heading = facet_set.record_type[1].capitalize()
    choices = choices_of(selection, facets)
    return describe_selection(heading, filters, selection, choices, lambda name, slug: LABELS[slug])


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "Episodes"),
        ("director=ti-west", "Episodes directed by Ti West"),
        ("director=ti-west&director=joe-swanberg", "Episodes directed by Ti West or Joe Swanberg"),
        ("director__all=ti-west&director__all=joe-swanberg", "Episodes directed by Ti West and Joe Swanberg"),
        ("director__not=ti-west", "Episodes not directed by Ti West"),
        ("director__not=ti-west&director__not=ann-lee", "Episodes not directed by Ti West or Ann Lee"),
        ("director__missing=1", "Episodes with no director recorded"),
        ("director=ti-west&director__missing=1", "Episodes directed by Ti West or with no director recorded"),
        (
            "director=ti-west&director__all=ann-lee&director__not=bo-ek",
            "Episodes directed by Ann Lee, directed by Ti West, not directed by Bo Ek",
        ),
        (
            "role=director&role=writer&crew=ti-west&composer=zac-clark&person__not=lauren-yee&year=2019",
            "Episodes directed or written by Ti West, with music by Zac Clark, "
            "not directed or written by Lauren Yee, 2019",
        ),
        (
            "director=ti-west&composer=zac-clark&person__not=lauren-yee&year=2019",
            "Episodes directed by Ti West, with music by Zac Clark, without Lauren Yee, 2019",
        ),
        (
            "cinematographer=ann-lee&editor=bo-ek&editor=zac-clark&writer__not=lauren-yee",
            "Episodes shot by Ann Lee, edited by Bo Ek or Zac Clark, not written by Lauren Yee",
        ),
        ("writer__all=ann-lee&writer__all=bo-ek", "Episodes written by Ann Lee and Bo Ek"),
        ("role=composer", "Episodes with a credit as composer"),
        ("role=composer&role=casting-director", "Episodes with a credit as composer or casting director"),
        ("role__not=composer", "Episodes without a credit as composer"),
        ("role=casting-director&crew=ann-lee", "Episodes with Ann Lee as casting director"),
        (
            "role=director&crew__not=ann-lee&role__not=editor",
            "Episodes not directed by Ann Lee, without a credit as editor",
        ),
        ("role=director&role=composer&person=ann-lee", "Episodes with Ann Lee as director or composer"),
        ("role=composer&role=teleplay&person=ann-lee", "Episodes with music or with a teleplay by Ann Lee"),
        ("casting-director__not=ann-lee", "Episodes without Ann Lee as casting director"),
        ("composer__missing=1", "Episodes with no composer recorded"),
        ("composer__not=zac-clark", "Episodes without music by Zac Clark"),
        ("music-supervisor__all=zac-clark", "Episodes with Zac Clark as music supervisor"),
        ("cast=ann-lee&cast=bo-ek", "Episodes with Ann Lee or Bo Ek in the cast"),
        ("cast__not=ann-lee", "Episodes without Ann Lee in the cast"),
        ("crew=ann-lee&person=bo-ek", "Episodes with Ann Lee in the crew, with Bo Ek"),
        ("character=nellie&character__not=ann-lee", "Episodes featuring Nellie, not featuring Ann Lee"),
        ("series=soundtrack&season=season-1&genre=musical-drama&network=netflix",
         "Episodes of Soundtrack, from season 1, in the genre musical drama, on Netflix"),
        ("network__not=netflix&year=2019&year=2020", "Episodes not on Netflix, 2019 or 2020"),
        ("year=2019", "Episodes, 2019"),
        ("year__missing=1", "Episodes with no year recorded"),
        ("year__gte=2010&year__lte=2015", "Episodes, 2010 to 2015"),
        ("year__gte=2010&director=ti-west", "Episodes directed by Ti West, from 2010"),
        ("year__lte=2015", "Episodes, up to 2015"),
        ("runtime__gte=20&runtime__lte=60", "Episodes running 20 to 60 minutes"),
        ("runtime__lte=60&year=2019", "Episodes running at most 60 minutes, 2019"),
        ("q=gigi&director=ti-west", "Episodes matching “gigi”, directed by Ti West"),
        (
            "director=ti-west&director=ann-lee&director=bo-ek&director=zac-clark&director=lauren-yee",
            "Episodes directed by Ti West, Ann Lee, Bo Ek or 2 more",
        ),
        (
            "director=ti-west&writer=ti-west&cast=ti-west&crew=ti-west&person=ti-west&composer=ti-west&editor=ti-west&year=2019",
            "Episodes directed by Ti West, written by Ti West, with Ti West in the cast, with Ti West in the crew, "
            "with Ti West, with music by Ti West, and 2 more",
        ),
    ],
)  # fmt: skip
def test_a_selection_of_episodes(query, sentence):
    assert describe(EpisodeFacets, query) == sentence


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("genre=drama&genre=musical-drama", "Series in the genre drama or musical drama"),
        ("genre__not=drama", "Series not in the genre drama"),
        ("network=netflix&company=acn&decade=2010s", "Series on Netflix, with the company ACN Films, 2010s"),
        ("country=us&language=en", "Series whose country is United States, in English"),
        ("country__not=us&status=ended", "Series with the status ended, whose country is not United States"),
        ("creator=ann-lee&creator__missing=1", "Series created by Ann Lee or with no creator recorded"),
        ("role=cinematographer&crew=ann-lee", "Series shot by Ann Lee"),
        ("editor__all=ann-lee&editor__all=bo-ek", "Series edited by Ann Lee and Bo Ek"),
        ("decade__not=2010s", "Series not 2010s"),
    ],
)
def test_a_selection_of_series(query, sentence):
    assert describe(SeriesFacets, query) == sentence


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("role=director&series=soundtrack", "People credited as director, who worked on Soundtrack"),
        ("role__all=director&role__all=writer", "People credited as director and writer"),
        ("department__not=writing&initial=w", "People under W, not credited in the department Writing"),
        ("with__all=ann-lee&with__all=bo-ek", "People who worked with Ann Lee and Bo Ek"),
        (
            "with__not=ann-lee&series__not=soundtrack",
            "People who did not work on Soundtrack, who did not work with Ann Lee",
        ),
        ("role__missing=1", "People with no role recorded"),
    ],
)  # fmt: skip
def test_a_selection_of_people(query, sentence):
    assert describe(PersonFacets, query) == sentence


@pytest.mark.parametrize("facet_set", [EpisodeFacets, SeriesFacets, PersonFacets])
def test_every_declared_facet_is_worded(facet_set):
    filters = {name: item for name, item in facet_set.base_filters.items() if isinstance(item, Facet)}
    for name, facet in filters.items():
        assert facet.phrase or len(facet.roles) == 1, name
        assert phrase_of(name, filters, {}, None).having.count("{}") == 1, name


def test_roles_without_verbs_and_abbreviations():
    assert role_phrase([("gaffer", "Gaffer")]).having == "with {} as gaffer"
    assert role_phrase([("adr-editor", "ADR editor")]).having == "with {} as ADR editor"
    assert role_phrase([("director", "Director"), ("gaffer", "Gaffer")]).having == "with {} as director or gaffer"


def test_braces_in_the_name_of_a_role_stay():
    phrase = role_phrase([("grip", "Grip {}")])
    assert phrase.format("Ann Lee") == "with Ann Lee as grip {}"
    assert phrase.format_negated("Ann Lee") == "without Ann Lee as grip {}"
    assert lower_first("") == ""
