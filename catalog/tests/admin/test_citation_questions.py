"""A form that changes a cited fact asks what its sources say, and saves the answer with it."""

import html

import pytest

from catalog.history.revert import undo
from catalog.models import Change, Citation, Credit, Edit, Episode, Person, Series, record_edit
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import (
    answer_citation_questions,
    change_url,
    form_errors,
    form_values,
    submit_form,
    was_saved,
)

OPEN_QUESTION = "Sources are cited for this: say above what they say now."


@pytest.fixture
def wikipedia(db):
    return make.source("Wikipedia")


@pytest.fixture
def episode(wikipedia):
    """An episode whose title and director are cited."""
    episode = make.episode(title="Pilot", air_date="2019-12-18")
    Citation.objects.create(source=wikipedia, episode=episode, field="title", locator="episode table")
    Citation.objects.create(source=wikipedia, credit=make.credit(episode, "Ti West"))
    return episode


def states(**lookups):
    """(field, claim, unchecked) of the citations, in the order of entry."""
    return list(Citation.objects.filter(**lookups).values_list("field", "claim", "unchecked"))


ANSWERS = [
    ("new", lambda old: ("", False)),
    ("old", lambda old: (old, False)),
    ("unchecked", lambda old: ("", True)),
]


@pytest.mark.parametrize(("choice", "expected"), ANSWERS)
def test_another_person_in_a_cited_credit_asks_about_its_sources(admin_client, episode, choice, expected):
    jesse = make.person("Jesse Peretz")
    response = submit_form(admin_client, change_url(episode), **{"credits-0-person": jesse.pk, "runtime": "48"})
    assert OPEN_QUESTION in form_errors(response)
    page = html.unescape(response.content.decode())
    assert "Credit “Ti West, Director”" in page
    assert "Person: Ti West → Jesse Peretz" in page
    assert "Cited: Wikipedia" in page
    assert Credit.objects.get().person.name == "Ti West"
    assert was_saved(answer_citation_questions(admin_client, response, choice))
    assert Credit.objects.get().person == jesse
    assert Episode.objects.get().runtime == 48
    assert states(credit__isnull=False) == [("", *expected("Ti West"))]
    assert Edit.objects.count() == 1


@pytest.mark.parametrize(("choice", "expected"), ANSWERS)
def test_another_title_asks_about_the_sources_of_the_title(admin_client, episode, choice, expected):
    response = submit_form(admin_client, change_url(episode), title="The Pilot")
    assert "Title: Pilot → The Pilot" in response.content.decode()
    assert "Wikipedia (episode table)" in response.content.decode()
    assert was_saved(answer_citation_questions(admin_client, response, choice))
    assert Episode.objects.get().title == "The Pilot"
    assert states(episode__isnull=False) == [("title", *expected("Pilot"))]
    assert states(credit__isnull=False) == [("", "", False)]


@pytest.mark.parametrize(("choice", "expected"), ANSWERS)
def test_another_list_of_genres_asks_about_its_sources(admin_client, wikipedia, choice, expected):
    series, drama, comedy = make.series("Gold"), make.genre("Drama"), make.genre("Comedy")
    series.genres.set([drama])
    Citation.objects.create(source=wikipedia, series=series, field="genres")
    response = submit_form(admin_client, change_url(series), genres=[drama.pk, comedy.pk])
    assert "Genres: Drama → Comedy, Drama" in response.content.decode()
    assert was_saved(answer_citation_questions(admin_client, response, choice))
    assert set(Series.objects.get().genres.all()) == {drama, comedy}
    assert states() == [("genres", *expected("Drama"))]


@pytest.mark.parametrize(("choice", "expected"), ANSWERS)
def test_another_date_of_birth_asks_about_its_sources(admin_client, wikipedia, choice, expected):
    person = make.person("Ann", born="1980-10")
    Citation.objects.create(source=wikipedia, person=person, field="born")
    response = submit_form(admin_client, change_url(person), born="1980-10-05")
    assert "Born: October 1980 → 5 October 1980" in response.content.decode()
    assert was_saved(answer_citation_questions(admin_client, response, choice))
    assert states() == [("born", *expected("October 1980"))]


def test_the_form_of_a_credit_asks_too(admin_client, episode):
    credit, writer = Credit.objects.get(), make.role("writer")
    response = submit_form(admin_client, change_url(credit), role=writer.pk)
    assert "Role: Director → Writer" in response.content.decode()
    assert was_saved(answer_citation_questions(admin_client, response, "old"))
    assert states(credit=credit) == [("", "Director", False)]


def test_several_changed_fields_of_a_credit_are_one_question(admin_client, episode):
    jesse, writer = make.person("Jesse Peretz"), make.role("writer")
    rows = {"credits-0-person": jesse.pk, "credits-0-role": writer.pk}
    response = submit_form(admin_client, change_url(episode), title="Two", **rows)
    assert len([name for name in form_values(response) if name.startswith("_sources-")]) == 2
    assert was_saved(answer_citation_questions(admin_client, response, "old"))
    assert set(states()) == {("title", "Pilot", False), ("", "Person: Ti West; Role: Director", False)}


def test_a_source_of_the_whole_record_disputes_only_what_was_changed(admin_client, wikipedia):
    episode = make.episode(title="Pilot", runtime=50)
    Citation.objects.create(source=wikipedia, episode=episode, certainty="likely")
    response = submit_form(admin_client, change_url(episode), runtime="48")
    assert was_saved(answer_citation_questions(admin_client, response, "old"))
    assert states() == [("", "", False), ("runtime", "50", False)]


def test_what_is_not_cited_is_not_asked_about(admin_client, episode):
    changes = {"runtime": "48", "air_date": "2019-12-19", "credits-0-billing": "2"}
    assert was_saved(submit_form(admin_client, change_url(episode), **changes))
    assert all(not unchecked for _, _, unchecked in states())


def test_a_row_that_is_deleted_or_added_is_not_asked_about(admin_client, episode):
    row = {"person": make.person("Jesse Peretz").pk, "role": make.role().pk}
    changes = {"credits-0-DELETE": "on", "credits-0-note": "in part"}
    assert was_saved(submit_form(admin_client, change_url(episode), rows={"credits": [row]}, **changes))
    assert states() == [("title", "", False)]


def test_a_fact_that_was_empty_has_no_old_value_to_dispute(admin_client, wikipedia):
    person = make.person("Ann")
    Citation.objects.create(source=wikipedia, person=person, field="born")
    response = submit_form(admin_client, change_url(person), born="1980")
    assert "They say the new value too" in response.content.decode()
    assert "They say the old value" not in response.content.decode()
    assert was_saved(answer_citation_questions(admin_client, response, "new"))


def test_an_answer_holds_only_for_the_values_it_was_given_for(admin_client, episode):
    response = submit_form(admin_client, change_url(episode), title="The Pilot")
    data = form_values(response) | {"title": "A third"}
    response = admin_client.post(change_url(episode), data)
    assert OPEN_QUESTION in form_errors(response)
    assert "Title: Pilot → A third" in response.content.decode()
    assert was_saved(answer_citation_questions(admin_client, response, "new"))


def test_nothing_typed_is_lost_by_the_question_or_by_another_error(admin_client, episode):
    row = {"person": make.person("Ann").pk, "role": make.role("writer").pk, "note": "uncredited"}
    fields = {"title": "The Pilot", "synopsis": "A plane.\r\n\r\nIt falls.", "runtime": "-3", "_edit_summary": "Seen"}
    response = submit_form(admin_client, change_url(episode), rows={"credits": [row]}, **fields)
    data = form_values(response) | {"runtime": "48"}
    choice = next(name for name in data if name.startswith("_sources-"))
    data[choice] = [data[choice][0].replace("unchecked", "new")]
    assert was_saved(admin_client.post(change_url(episode), data))
    episode = Episode.objects.get()
    assert (episode.title, episode.synopsis, episode.runtime) == ("The Pilot", "A plane.\n\nIt falls.", 48)
    assert Credit.objects.get(person__name="Ann").note == "uncredited"
    assert Edit.objects.get().reason == "Seen"
    assert states(episode__isnull=False) == [("title", "", False)]


def test_a_source_that_claimed_the_new_value_agrees_with_it(admin_client, episode, wikipedia):
    other = Citation.objects.create(source=make.source("Variety"), episode=episode, field="title", claim="The Pilot")
    response = submit_form(admin_client, change_url(episode), title="The Pilot")
    assert was_saved(answer_citation_questions(admin_client, response, "old"))
    other.refresh_from_db()
    assert (other.claim, other.unchecked) == ("", False)
    assert ("title", "Pilot", False) in states()


def test_users_who_may_not_change_citations_leave_them_not_checked(client, django_user_model, episode):
    user = django_user_model.objects.create_user("cy", password="cy", is_staff=True)
    names = ["change_episode", "view_episode", "publish"]
    user.user_permissions.set(user.user_permissions.model.objects.filter(codename__in=names))
    client.force_login(user)
    assert was_saved(submit_form(client, change_url(episode), title="The Pilot"))
    assert states(episode__isnull=False) == [("title", "", True)]


def test_citations_are_marked_as_checked_in_the_list(admin_client, episode):
    Citation.objects.update(unchecked=True)
    page = admin_client.get("/admin/catalog/citation/?quality=not-checked")
    assert page.context_data["cl"].result_count == 2
    keys = list(Citation.objects.values_list("pk", flat=True))
    response = admin_client.post("/admin/catalog/citation/", {"action": "mark_checked", "_selected_action": keys[:1]})
    assert response.status_code == 302
    assert [unchecked for _, _, unchecked in states()] == [False, True]
    assert Change.objects.filter(kind="citation", action="changed").count() == 1


def test_undo_of_an_answered_change_restores_fact_and_citation(admin_client, episode):
    before = states()
    response = submit_form(admin_client, change_url(episode), title="The Pilot")
    assert was_saved(answer_citation_questions(admin_client, response, "old"))
    edit = Edit.objects.get()
    with record_edit(kind=Edit.Kind.UNDO):
        undo(edit)
    assert Episode.objects.get().title == "Pilot"
    assert states() == before


def test_the_history_says_who_directed_when_it_was_written(admin_client, episode):
    response = submit_form(admin_client, change_url(episode), **{"credits-0-person": make.person("Jesse Peretz").pk})
    answer_citation_questions(admin_client, response, "unchecked")
    Person.objects.filter(name="Ti West").get().delete()
    page = html.unescape(admin_client.get(change_url(episode).replace("change", "history")).content.decode())
    added = page[page.index("Citation added: Wikipedia: the record") :]
    assert "credit Ti West, Director" in added[: added.index("</h3>")]
