"""Credits by typing: lines become credits, and for an ambiguous name the form asks who is meant."""

import re
from datetime import timedelta

import lxml.html
import pytest
from django.utils import timezone

from catalog.models import Alias, Character, Credit, Episode, Person
from catalog.search.indexing import rebuild_index
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import (
    admin_url,
    change_url,
    form_errors,
    read_form,
    row_counts,
    submit_form,
    was_saved,
)

FIELD = "typed_credits"
SOON = timezone.now() + timedelta(days=3)


@pytest.fixture
def roles(vocabulary):
    """The roles of the vocabulary."""


def credits_of(record):
    """(role, person, kind, character, billing, team) of each credit in order."""
    return [
        (
            credit.role.slug,
            credit.person.name,
            credit.kind,
            credit.character.name if credit.character else "",
            credit.billing,
            credit.team,
        )
        for credit in record.credits.in_order()
    ]


def questions(response):
    """{name of a question's field: [answers]} of a form."""
    answers = {}
    for name, value in re.findall(
        rf'type="radio" name="({FIELD}-who-[^"]+)" value="([^"]+)"', response.content.decode()
    ):
        answers.setdefault(name, []).append(value)
    return answers


def test_a_line_that_cannot_be_read_is_an_error_of_the_form_and_nothing_is_saved(roles, admin_client):
    episode = make.episode()
    before = row_counts()
    text = "\nCast: Ann One\nDirector: Ti West as Sam"
    response = submit_form(admin_client, change_url(episode), title="Other", **{FIELD: text})
    message = "Line 3: only the cast plays characters, and Director does not belong to the cast."
    assert message in form_errors(response)
    assert row_counts() == before
    typed = lxml.html.document_fromstring(response.content).get_element_by_id(f"id_{FIELD}").value
    assert "Ti West as Sam" in typed, "the typed text is not lost"


def test_names_of_exactly_one_person_become_credits_when_the_form_is_saved(roles, admin_client):
    series = make.series()
    episode = make.episode(make.season(series))
    west, swanberg, yee, smith, may = map(
        make.person, ("Ti West", "Joe Swanberg", "Lauren Yee", "Matt Smith", "Isabel May")
    )
    Alias.objects.create(person=west, name="T. West")
    make.character(series, "Sarah", full_name="Sarah Long")
    lines = (
        "director: T. West, joe swanberg\nWriter: Lauren Yee & Matt Smith and Ti West\nGuest: Isabel May as Sarah Long"
    )
    response = submit_form(admin_client, change_url(episode), title="New title", **{FIELD: lines})
    assert was_saved(response), form_errors(response)
    assert Episode.objects.get().title == "New title"
    assert credits_of(episode) == [
        ("director", "Ti West", "", "", 1, None),
        ("director", "Joe Swanberg", "", "", 2, None),
        ("writer", "Lauren Yee", "", "", 1, 1),
        ("writer", "Matt Smith", "", "", 2, 1),
        ("writer", "Ti West", "", "", 3, None),
        ("guest", "Isabel May", "guest", "Sarah", 1, None),
    ]


def test_billing_and_teams_continue_and_existing_credits_are_listed(roles, admin_client):
    episode = make.episode()
    first = make.credit(episode, make.person("Ann One"), "writer", billing=4, team=2)
    for name in ("Bob Two", "Cleo Three"):
        make.person(name)
    text = "Writer: Ann One, Bob Two & Cleo Three\nWriter: Bob Two"
    response = admin_client.post(
        change_url(episode), read_form(admin_client, change_url(episode)) | {FIELD: text}, follow=True
    )
    assert "Existing credits: Ann One, Writer; Bob Two, Writer." in response.content.decode()
    assert [row[1:] for row in credits_of(episode)] == [
        ("Ann One", "", "", 4, 2),
        ("Bob Two", "", "", 5, 3),
        ("Cleo Three", "", "", 6, 3),
    ]
    assert Credit.objects.filter(pk=first.pk).exists()


def test_the_form_asks_about_namesakes_and_similar_names_and_saves_by_the_answers(roles, admin_client):
    episode = make.episode()
    older, younger = make.person("Ann One", born="1950"), make.person("Ann One", born="1980-02", died="2020")
    make.credit(make.episode(make.season(make.series("Long Way"))), older, "writer")
    similar = make.person("Robert Tarkovsky")
    lines = {FIELD: "Director: Ann One\nWriter: Robert Tarkovskij\nEditor: New Body"}
    before = row_counts()
    response = submit_form(admin_client, change_url(episode), **lines)
    assert row_counts() == before
    text = response.content.decode()
    assert "Ann One (1950–): Writer on Long Way, 1 credit" in text
    assert "Ann One (1980-02–2020), no credits" in text
    assert questions(response) == {
        f"{FIELD}-who-annone": [str(older.pk), str(younger.pk), "new"],
        f"{FIELD}-who-roberttarkovskij": [str(similar.pk), "new"],
    }
    answers = {f"{FIELD}-who-annone": str(younger.pk)}
    response = submit_form(admin_client, change_url(episode), **lines, **answers)
    assert "Choose who “Robert Tarkovskij” is." in form_errors(response)
    assert re.search(rf'value="{younger.pk}" checked', response.content.decode()), "answers are kept"
    answers[f"{FIELD}-who-roberttarkovskij"] = str(similar.pk)
    response = submit_form(admin_client, change_url(episode), **lines, **answers)
    assert was_saved(response), form_errors(response)
    assert {(credit.role.slug, credit.person) for credit in episode.credits.all()} == {
        ("director", younger),
        ("writer", similar),
        ("editor", Person.objects.get(name="New Body")),
    }


def test_an_answer_that_was_not_suggested_is_rejected(roles, admin_client):
    episode, stranger = make.episode(), make.person("Quite Different")
    response = submit_form(
        admin_client, change_url(episode), **{FIELD: "Editor: New Body", f"{FIELD}-who-newbody": str(stranger.pk)}
    )
    assert "Choose who “New Body” is." in form_errors(response)


@pytest.mark.parametrize("when", [None, timezone.now(), SOON], ids=["draft", "published", "scheduled"])
def test_a_new_person_has_the_publication_time_of_the_record_and_is_created_once(roles, admin_client, when):
    episode = make.episode(published_at=when)
    text = {FIELD: "Director: New Body\nGuest: new body as Nobody, Old Body as Nobody"}
    make.person("Old Body")
    assert was_saved(submit_form(admin_client, change_url(episode), **text, **{f"{FIELD}-who-newbody": "new"}))
    person = Person.objects.get(name="New Body")
    assert (person.published_at and person.published_at.date()) == (when and when.date())
    assert person.credits.count() == 2
    assert Character.objects.get().name == "Nobody"


def test_a_new_episode_gets_its_credits_when_it_is_added(roles, admin_client):
    season = make.season()
    make.person("Ti West")
    fields = {"season": season.pk, "number": 1, FIELD: "Director: Ti West"}
    assert was_saved(submit_form(admin_client, admin_url(Episode, "add"), **fields))
    assert credits_of(Episode.objects.get()) == [("director", "Ti West", "", "", 1, None)]


@pytest.mark.parametrize("level", ["series", "season"])
def test_series_and_seasons_have_the_field_as_well(roles, admin_client, level):
    record = getattr(make, level)()
    make.person("Ti West")
    assert was_saved(
        submit_form(admin_client, change_url(record), **{FIELD: "Creator: Ti West\nMain cast: Ti West as Sam"})
    )
    assert {row[0] for row in credits_of(record)} == {"creator", "cast"}


@pytest.mark.parametrize("level", ["series", "season"])
def test_for_some_episodes_is_typed_in_brackets_but_not_on_an_episode(roles, admin_client, level):
    episode = make.episode()
    text = "Editor: Ann One (for some episodes), Bo Two (uncredited)"
    assert was_saved(submit_form(admin_client, change_url(getattr(episode, level)), typed_credits=text))
    credits = getattr(episode, level).credits.order_by("billing")
    assert list(credits.values_list("for_some_episodes", "note")) == [(True, ""), (False, "uncredited")]
    (error,) = form_errors(submit_form(admin_client, change_url(episode), typed_credits=text))
    assert "a credit on an episode is for that episode" in error
    assert not episode.credits.exists()


def test_a_name_in_another_script_is_matched_by_its_transliteration(roles, admin_client):
    episode, person = make.episode(), make.person("章子怡")
    rebuild_index()
    assert was_saved(submit_form(admin_client, change_url(episode), **{FIELD: "Director: Zhang Ziyi"}))
    assert episode.credits.get().person == person


def test_typed_names_have_no_invisible_characters(roles, admin_client):
    make.person("Ann Lee")
    episode = make.episode()
    text = "Director: Ann\u200b Lee, \ufeffBo Ray\u00a0"
    response = submit_form(admin_client, change_url(episode), typed_credits=text)
    assert was_saved(response), form_errors(response)
    assert [row[1] for row in credits_of(episode)] == ["Ann Lee", "Bo Ray"]


def test_placeholders_add_no_people(roles, admin_client):
    episode = make.episode()
    make.person("Ti West")
    text = "Director: TBA\nWriter: Ti West, Unknown\nEditor: N/A\nGuest: —"
    response = submit_form(admin_client, change_url(episode), **{FIELD: text})
    assert was_saved(response), form_errors(response)
    assert credits_of(episode) == [("writer", "Ti West", "", "", 1, None)]
    assert Person.objects.count() == 1


def test_roles_and_characters_within_a_line(roles, admin_client):
    episode = make.episode()
    for name in ("Sammy Sample Jr.", "Ann Sample", "Ti West"):
        make.person(name)
    text = "Writer: Sammy Sample, Jr. & Ann Sample (story), Ti West (teleplay)\nGuest: Ti West as Himself / Host"
    response = submit_form(admin_client, change_url(episode), **{FIELD: text})
    assert was_saved(response), form_errors(response)
    assert sorted(row[:4] for row in credits_of(episode)) == [
        ("guest", "Ti West", "guest", "Host"),
        ("story", "Ann Sample", "", ""),
        ("story", "Sammy Sample Jr.", "", ""),
        ("teleplay", "Ti West", "", ""),
    ]
