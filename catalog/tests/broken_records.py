"""Unsaved records for each constraint of the database: the last one violates it, those before do not.

``BROKEN_RECORDS`` maps the constraint's name to a function that builds them.
"""

from catalog.models import (
    CITABLE_MODELS,
    Alias,
    AlternativeTitle,
    Availability,
    Citation,
    Credit,
    Cue,
    Episode,
    Event,
    ExternalId,
    FeaturedCharacter,
    FormerSlug,
    Person,
    Picture,
    RememberedName,
    Review,
    Season,
    Series,
    SeriesCompany,
    Song,
    Source,
    SourceFile,
)
from catalog.models.external_id import OWNER_FIELDS
from catalog.partial_date import PartialDate
from catalog.tests import factories as make


def twice(model, **fields):
    """Two records with the same values."""
    return [model(**fields), model(**fields)]


def create_citable(kind):
    """Create a record that ``kind``, a key of CITABLE_MODELS, can cite."""
    series, person = make.series(), make.person()
    makers = {
        "series": lambda: series,
        "season": lambda: make.season(series),
        "episode": lambda: make.episode(make.season(series)),
        "person": lambda: person,
        "character": lambda: make.character(series),
        "alias": lambda: Alias.objects.create(person=person, name="Other"),
        "company": make.company,
        "series_company": lambda: make.series_company(series),
        "availability": lambda: Availability.objects.create(series=series, platform=make.company()),
        "alternative_title": lambda: AlternativeTitle.objects.create(series=series, title="Other", kind="also"),
        "external_id": lambda: ExternalId.objects.create(series=series, scheme="imdb", value="tt1"),
        "credit": lambda: make.credit(series, person),
        "feature": lambda: FeaturedCharacter.objects.create(
            episode=make.episode(make.season(series)), character=make.character(series)
        ),
        "event": lambda: make.event(series),
        "review": lambda: Review.objects.create(series=series, aggregator="Other", score=1),
        "cue": lambda: Cue.objects.create(series=series, song=Song.objects.create(title="Other")),
    }
    return makers[kind]()


def create_song():
    """Create a song."""
    return make.song("One", "Other")


def invalid_date():
    """A PartialDate of invalid text, which only the database can reject."""
    return str.__new__(PartialDate, "20180")


def one_owner_each(model, owners, **fields):
    """By owner, functions that build two equal records of ``model``."""
    makers = {}
    for owner in owners:
        makers[owner] = lambda owner=owner: twice(model, **{owner: create_citable(owner)}, **fields)
    return makers


def two_owners(model, first, second, **fields):
    """A function that builds a record with one owner, and one with two."""
    return lambda: [
        model(**{first: create_citable(first)}, **fields),
        model(**{first: create_citable(first), second: create_citable(second)}, **fields),
    ]


TWO_OWNERS = {
    "alias_of_exactly_one": two_owners(Alias, "person", "company", name="One"),
    "title_of_a_series_or_an_episode": two_owners(AlternativeTitle, "series", "episode", title="One", kind="also"),
    "review_of_exactly_one": two_owners(Review, "series", "season", aggregator="One", score=1),
    "external_id_of_exactly_one": two_owners(ExternalId, "person", "company", scheme="imdb", value="nm1"),
    "cue_in_a_series_or_an_episode": lambda: two_owners(Cue, "series", "episode", song=create_song())(),
    "credit_on_exactly_one": lambda: two_owners(Credit, "series", "season", person=make.person(), role=make.role())(),
    "citation_of_exactly_one": lambda: [Citation(source=make.source())],
}

INVALID_DATES = {
    "series_premiered_is_a_date": lambda: [Series(title="One", slug="one", premiered=invalid_date())],
    "series_ended_is_a_date": lambda: [Series(title="One", slug="one", ended=invalid_date())],
    "person_born_is_a_date": lambda: [Person(name="One", slug="one", born=invalid_date())],
    "person_died_is_a_date": lambda: [Person(name="One", slug="one", died=invalid_date())],
    "episode_air_date_is_a_date": lambda: [Episode(season=make.season(), number=1, air_date=invalid_date())],
    "event_date_is_a_date": lambda: [Event(series=make.series(), slug="one", kind="other", date=invalid_date())],
    "review_as_of_is_a_date": lambda: [Review(series=make.series(), aggregator="One", score=1, as_of=invalid_date())],
    "source_published_is_a_date": lambda: [Source(title="One", slug="one", published=invalid_date())],
    "source_accessed_is_a_date": lambda: [Source(title="One", slug="one", accessed=invalid_date())],
    "alias_since_is_a_date": lambda: [Alias(company=make.company(), name="One", since=invalid_date())],
    "alias_until_is_a_date": lambda: [Alias(company=make.company(), name="One", until=invalid_date())],
    "availability_since_is_a_date": lambda: [
        Availability(series=make.series(), platform=make.company(), since=invalid_date())
    ],
    "availability_until_is_a_date": lambda: [
        Availability(series=make.series(), platform=make.company(), until=invalid_date())
    ],
}

INVALID_VALUES = {
    "focal_point_in_percent": lambda: [
        Picture(file="pictures/a.png", width=1, height=1, focal_x=100, focal_y=0),
        Picture(file="pictures/b.png", width=1, height=1, focal_x=101),
    ],
    "person_born_before_died": lambda: [
        Person(name="One", slug="one", born="1950-03", died="1950"),
        Person(name="Two", slug="two", born="1950-03-02", died="1950-03-01"),
    ],
    "series_runtime_range": lambda: [
        Series(title="One", slug="one", runtime_min=30, runtime_max=30),
        Series(title="Two", slug="two", runtime_min=31, runtime_max=30),
    ],
    "season_number_fits_an_address": lambda: seasons(9999, 10000),
    "episode_number_fits_an_address": lambda: episodes({"number": 32767}, {"number": 32768}),
    "episode_last_number_follows": lambda: episodes({"number": 1, "last_number": 2}, {"number": 3, "last_number": 3}),
    "alias_since_before_until": lambda: [
        Alias(company=make.company(), name="One", since="1985-05-02", until="1985"),
        Alias(company=make.company(), name="Two", since="1985-05-02", until="1985-04"),
    ],
    "episode_numbers_do_not_overlap": lambda: episodes(
        {"number": 1, "last_number": 2}, {"number": 4, "last_number": 6}, {"number": 3, "last_number": 4}
    ),
    "episode_runtime_at_most_a_day": lambda: episodes(
        {"number": 1, "runtime": 1}, {"number": 2, "runtime": 1440}, {"number": 3, "runtime": 1441}
    ),
    "series_runtimes_at_most_a_day": lambda: [
        Series(title="One", slug="one", runtime_min=1, runtime_max=1440),
        Series(title="Two", slug="two", runtime_min=0),
    ],
    "series_premiered_before_ended": lambda: [
        Series(title="One", slug="one", premiered="2019-12-18", ended="2019"),
        Series(title="Two", slug="two", premiered="2019-12", ended="2019-11-30"),
    ],
    "availability_since_before_until": lambda: [
        Availability(series=make.series(), platform=make.company(), since="2019-12-18", until="2019-12"),
        Availability(series=make.series(), platform=make.company(), since="2019-12-18", until="2019-11"),
    ],
    "credit_for_some_episodes_on_none": lambda: for_some_episodes("season", "episode"),
    "credit_for_some_episodes_or_pilot": lambda: [
        *for_some_episodes("series"),
        *for_some_episodes("season", pilot_only=True),
    ],
    "review_score_within_scale": lambda: [
        Review(series=make.series(), aggregator="One", score=10, scale=10),
        Review(series=make.series(), aggregator="Two", score="10.01", scale=10),
    ],
    "review_average_within_scale": lambda: [
        Review(series=make.series(), aggregator="One", score=1, average=10, average_scale=10),
        Review(series=make.series(), aggregator="Two", score=1, average=5),
    ],
    "song_has_a_title_or_an_artist": lambda: [Song(slug="one", artist=make.artist()), Song(slug="two")],
    "source_url_is_a_web_address": lambda: [
        Source(title="One", slug="one", url="HTTPS://example.org/"),
        Source(title="Two", slug="two", url="javascript:alert(1)//https://"),
    ],
    "source_file_url_is_a_web_address": lambda: [
        SourceFile(kind="table", sha256="0" * 64, size=1, url="http://example.org/"),
        SourceFile(kind="table", sha256="1" * 64, size=1, url=" https://example.org/"),
    ],
    "source_is_named_or_marked": lambda: [
        Source(slug="one", part_of=make.source(), mark="1"),
        Source(slug="two", part_of=make.source()),
    ],
}


def seasons(*numbers):
    """Seasons of one series with these numbers."""
    series = make.series()
    return [Season(series=series, number=number) for number in numbers]


def episodes(*fields):
    """Episodes of one season with these fields."""
    season = make.season()
    return [Episode(season=season, **values) for values in fields]


def for_some_episodes(*levels, **fields):
    """Credits that are for some episodes, one on each level."""
    return [
        Credit(
            person=make.person(), role=make.role(), for_some_episodes=True, **{level: create_citable(level)}, **fields
        )
        for level in levels
    ]


def duplicate_credit():
    """The same credit twice, without a character: NULL must count as a value."""
    return twice(Credit, person=make.person(), role=make.role(), series=make.series())


def duplicate_feature():
    """The same character featured twice under the same name."""
    episode = make.episode()
    return twice(FeaturedCharacter, episode=episode, character=make.character(episode.series), named_as="One")


def duplicate_availability():
    """The same platform twice without ``since``: NULL must count as a value."""
    return twice(Availability, series=make.series(), platform=make.company())


def duplicate_song(artist):
    """Two songs of one title."""
    return [Song(slug=slug, title="One", artist=artist) for slug in ("one", "two")]


DUPLICATES = {
    "one_row_of_a_source_file": lambda: twice(SourceFile, kind="table", sha256="0" * 64, size=1),
    "one_person_of_a_remembered_name": lambda: twice(
        RememberedName, series=make.series(), key="johnsmith", person=make.person()
    ),
    "one_target_per_former_slug": lambda: twice(FormerSlug, kind="series", old_slug="one", new_slug="two"),
    "one_season_of_a_number": lambda: seasons(1, 1),
    "one_episode_of_a_number": lambda: episodes({"number": 1}, {"number": 1}),
    "one_part_of_a_company_in_a_series": lambda: twice(
        SeriesCompany, series=make.series(), company=make.company(), part="network"
    ),
    "one_availability_since": duplicate_availability,
    "one_feature_under_a_name": duplicate_feature,
    "one_credit_of_a_kind": duplicate_credit,
    "one_event_of_a_slug": lambda: twice(Event, series=make.series(), slug="one", kind="other", headline="One"),
    "one_song_of_a_title_and_artist": lambda: duplicate_song(make.artist()),
    "one_song_of_a_title_without_artist": lambda: duplicate_song(None),
    "one_cue_of_a_song_in_a_series": lambda: twice(Cue, series=make.series(), song=create_song()),
    "one_cue_of_a_song_in_an_episode": lambda: twice(Cue, episode=make.episode(), song=create_song()),
    "one_alias_of_a_person": lambda: twice(Alias, person=make.person(), name="One"),
    "one_alias_of_a_company": lambda: twice(Alias, company=make.company(), name="One"),
    "one_alias_of_a_character": lambda: twice(Alias, character=make.character(make.series()), name="One"),
    "one_title_of_a_kind_for_a_series": lambda: twice(
        AlternativeTitle, series=make.series(), title="One", kind="working"
    ),
    "one_title_of_a_kind_for_an_episode": lambda: twice(
        AlternativeTitle, episode=make.episode(), title="One", kind="working"
    ),
    **{
        f"one_review_of_a_{owner}": makers
        for owner, makers in one_owner_each(
            Review, ("series", "season", "episode"), aggregator="One", kind="critics", score=1
        ).items()
    },
    **{
        f"one_{owner}_of_an_external_id": lambda owner=owner: [
            ExternalId(scheme="imdb", value="1", **{owner: create_citable(owner)}),
            ExternalId(scheme="imdb", value="1", **{owner: create_citable(owner)}),
        ]
        for owner in OWNER_FIELDS
    },
    **{
        f"one_citation_of_{kind}": lambda kind=kind: twice(
            Citation, source=make.source(), locator="page 1", **{kind: create_citable(kind)}
        )
        for kind in CITABLE_MODELS
    },
}

BROKEN_RECORDS = TWO_OWNERS | INVALID_DATES | INVALID_VALUES | DUPLICATES
