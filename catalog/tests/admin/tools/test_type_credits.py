"""Credits by typing: lines become credits, and of a name that is not clear the form asks who is meant."""

import re
from datetime import timedelta

import lxml.html
import pytest
from django.utils import timezone

from catalog.editing.credit_lines import parse_credit_lines as read_lines
from catalog.models import Alias, Character, Credit, Episode, Person
from catalog.search.indexing import rebuild_index
from catalog.sources.person_names import split_by_role, split_teams
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
    found = {}
    for name, value in re.findall(
        rf'type="radio" name="({FIELD}-who-[^"]+)" value="([^"]+)"', response.content.decode()
    ):
        found.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ti West, Joe Swanberg", [["Ti West"], ["Joe Swanberg"]]),
        ("Lauren Yee & Matt Smith", [["Lauren Yee", "Matt Smith"]]),
        ("A One, B Two &amp; C Three and D Four", [["A One"], ["B Two", "C Three"], ["D Four"]]),
        ("A One, and B Two; C Three", [["A One"], ["B Two"], ["C Three"]]),
        ("Robert Downey, Jr., Anders Andersen", [["Robert Downey Jr."], ["Anders Andersen"]]),
        (" , & ;", []),
    ],
)
def test_commas_and_and_stand_between_people_and_an_ampersand_inside_a_team(text, found):
    assert split_teams(text.replace("&amp;", "&")) == found


def test_a_text_may_say_itself_who_had_the_story_and_who_the_teleplay():
    text = "Story by: A One & B Two Teleplay by: C Three"
    assert split_by_role(text, "writer") == [("story", "A One & B Two"), ("teleplay", "C Three")]
    assert split_by_role("Written by C Three", "writer") == [("writer", "C Three")]
    assert split_by_role("A One", "writer") == [("writer", "A One")]


def test_a_role_goes_by_its_name_slug_plural_or_synonym_in_any_case(roles):
    lines = ["DIRECTED BY: A One", "executive-producer: A One", "writers: A One", "Director of photography: A One"]
    wanted, complaints = read_lines("\n".join(lines))
    assert complaints == []
    assert [each.role.slug for each in wanted] == ["director", "executive-producer", "writer", "cinematographer"]


def test_words_of_the_cast_say_its_kind(roles):
    wanted, _ = read_lines("Main cast: A One as Ann\nRecurring: B Two\nGuest: C Three\nCast: D Four")
    told = [(each.role.slug, each.kind, each.character) for each in wanted]
    assert told == [("cast", "main", "Ann"), ("cast", "recurring", ""), ("guest", "guest", ""), ("cast", "", "")]


UNREADABLE = [
    ("Ti West", "write the role, a colon and the names"),
    ("Dirrector: Ti West", "Perhaps Director"),
    ("Qqxz: Ti West", "there is no role called “Qqxz”"),
    ("Director:", "names nobody"),
    ("Director: Ti West as Sam", "only the cast plays somebody"),
    ("Guest: A One as " + "x" * 121, "too long for the name of a character"),
    ("Guest: " + "x" * 161, "too long for a name"),
    ("Guest: !!!", "“!!!” is no name"),
]


def test_what_cannot_be_read_is_told_by_its_line_and_nothing_is_saved(roles, admin_client):
    episode = make.episode()
    before = row_counts()
    for line, told in UNREADABLE:
        response = submit_form(admin_client, change_url(episode), title="Other", **{FIELD: f"\nCast: Ann One\n{line}"})
        found = form_errors(response)
        assert any(error.startswith("Line 3: ") and told in error for error in found), (line, found)
        assert row_counts() == before, line
        typed = lxml.html.document_fromstring(response.content).get_element_by_id(f"id_{FIELD}").value
        assert line in typed, "what was typed is not lost"


def test_names_that_one_person_has_become_credits_as_the_form_is_saved(roles, admin_client):
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


def test_billing_and_teams_go_on_and_what_is_there_already_is_said(roles, admin_client):
    episode = make.episode()
    first = make.credit(episode, make.person("Ann One"), "writer", billing=4, team=2)
    for name in ("Bob Two", "Cleo Three"):
        make.person(name)
    text = "Writer: Ann One, Bob Two & Cleo Three\nWriter: Bob Two"
    response = admin_client.post(
        change_url(episode), read_form(admin_client, change_url(episode)) | {FIELD: text}, follow=True
    )
    said = response.content.decode()
    assert "There already: Ann One, Writer; Bob Two, Writer." in said
    assert [row[1:] for row in credits_of(episode)] == [
        ("Ann One", "", "", 4, 2),
        ("Bob Two", "", "", 5, 3),
        ("Cleo Three", "", "", 6, 3),
    ]
    assert Credit.objects.filter(pk=first.pk).exists()


def test_of_namesakes_and_of_the_unknown_the_form_asks_and_saves_as_it_is_told(roles, admin_client):
    episode = make.episode()
    known, other = make.person("Ann One", born="1950"), make.person("Ann One", born="1980-02", died="2020")
    make.credit(make.episode(make.season(make.series("Long Way"))), known, "writer")
    near = make.person("Robert Tarkovsky")
    lines = {FIELD: "Director: Ann One\nWriter: Robert Tarkovskij\nEditor: New Body"}
    before = row_counts()
    response = submit_form(admin_client, change_url(episode), **lines)
    assert row_counts() == before
    text = response.content.decode()
    assert "Ann One (1950–): Writer on Long Way, 1 credit" in text
    assert "Ann One (1980-02–2020), no credits" in text
    asked = questions(response)
    assert asked == {
        f"{FIELD}-who-annone": [str(known.pk), str(other.pk), "new"],
        f"{FIELD}-who-roberttarkovskij": [str(near.pk), "new"],
        f"{FIELD}-who-newbody": ["new"],
    }
    answers = {f"{FIELD}-who-annone": str(other.pk), f"{FIELD}-who-roberttarkovskij": str(near.pk)}
    response = submit_form(admin_client, change_url(episode), **lines, **answers)
    assert "Choose who “New Body” is." in form_errors(response)
    assert re.search(rf'value="{other.pk}" checked', response.content.decode()), "an answer is kept"
    response = submit_form(admin_client, change_url(episode), **lines, **answers, **{f"{FIELD}-who-newbody": "new"})
    assert was_saved(response), form_errors(response)
    assert {(credit.role.slug, credit.person) for credit in episode.credits.all()} == {
        ("director", other),
        ("writer", near),
        ("editor", Person.objects.get(name="New Body")),
    }


def test_an_answer_that_was_not_offered_is_none(roles, admin_client):
    episode, stranger = make.episode(), make.person("Quite Different")
    response = submit_form(
        admin_client, change_url(episode), **{FIELD: "Editor: New Body", f"{FIELD}-who-newbody": str(stranger.pk)}
    )
    assert "Choose who “New Body” is." in form_errors(response)


@pytest.mark.parametrize("when", [None, timezone.now(), SOON], ids=["draft", "published", "scheduled"])
def test_a_new_person_has_the_state_of_the_record_and_is_made_once(roles, admin_client, when):
    episode = make.episode(published_at=when)
    text = {FIELD: "Director: New Body\nGuest: new body as Nobody, Old Body as Nobody"}
    make.person("Old Body")
    assert was_saved(submit_form(admin_client, change_url(episode), **text, **{f"{FIELD}-who-newbody": "new"}))
    person = Person.objects.get(name="New Body")
    assert (person.published_at and person.published_at.date()) == (when and when.date())
    assert person.credits.count() == 2
    assert Character.objects.get().name == "Nobody"


def test_an_episode_gets_its_credits_as_it_is_added(roles, admin_client):
    season = make.season()
    make.person("Ti West")
    fields = {"season": season.pk, "number": 1, FIELD: "Director: Ti West"}
    assert was_saved(submit_form(admin_client, admin_url(Episode, "add"), **fields))
    assert credits_of(Episode.objects.get()) == [("director", "Ti West", "", "", 1, None)]


@pytest.mark.parametrize("level", ["series", "season"])
def test_series_and_seasons_have_the_field_too(roles, admin_client, level):
    record = getattr(make, level)()
    make.person("Ti West")
    assert was_saved(
        submit_form(admin_client, change_url(record), **{FIELD: "Creator: Ti West\nMain cast: Ti West as Sam"})
    )
    assert {row[0] for row in credits_of(record)} == {"creator", "cast"}


def test_a_name_in_another_script_is_found_by_its_letters(roles, admin_client):
    episode, person = make.episode(), make.person("章子怡")
    rebuild_index()
    assert was_saved(submit_form(admin_client, change_url(episode), **{FIELD: "Director: Zhang Ziyi"}))
    assert episode.credits.get().person == person
