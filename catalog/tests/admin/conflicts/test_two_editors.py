"""Two editors, one record: what only one changed is merged, what both changed is chosen, and nothing is lost."""

import pytest
from django.test import Client

from catalog.history.merge_records import merge_records
from catalog.models import Citation, Credit, Episode, Person, Series, record_edit
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import answer_citation_questions
from catalog.tests.admin.conflicts.editor_session import EditorSession

pytestmark = pytest.mark.django_db


def signed_in(django_user_model, name):
    client = Client()
    client.force_login(django_user_model.objects.create_superuser(name, password=name))
    return client


@pytest.fixture
def ada(django_user_model):
    """A client with the editor Ada signed in."""
    return signed_in(django_user_model, "ada")


@pytest.fixture
def bo(django_user_model):
    """A client with the editor Bo signed in."""
    return signed_in(django_user_model, "bo")


@pytest.fixture
def episode(db):
    """An episode with two directors."""
    episode = make.episode(title="Pilot", runtime=50)
    make.credit(episode, "Ann Lee")
    make.credit(episode, "Bob Ray")
    return episode


def test_fields_that_only_one_of_them_changed_are_merged(ada, bo, episode):
    first, second = EditorSession.open(ada, episode), EditorSession.open(bo, episode)
    token = {"csrfmiddlewaretoken": ""}
    assert first.data | token == second.data | token, "what EditorSession.open_for_two relies on"
    assert first.fill_in(title="The Pilot").send().saved
    assert second.fill_in(runtime=48).send().saved
    episode = Episode.objects.get()
    assert (episode.title, episode.runtime) == ("The Pilot", 48)
    assert (
        "Title of the episode was changed by ada while you were editing. That change was kept."
        in bo.get("/admin/").content.decode()
    )


@pytest.mark.parametrize(("side", "title"), [("mine", "Bo’s"), ("theirs", "Ada’s")])
def test_the_same_field_is_shown_with_both_values_and_chosen(ada, bo, episode, side, title):
    first, second = EditorSession.open_for_two(ada, bo, episode)
    assert first.fill_in(title="Ada’s").send(_edit_summary="the credits say so").saved
    assert not second.fill_in(title="Bo’s", runtime=48).send().saved
    conflict = next(iter(second.conflicts.values()))
    assert (conflict.mine, conflict.theirs, conflict.author) == ("Bo’s", "Ada’s", "ada")
    page = second.response.content.decode()
    assert "the credits say so" in page
    assert Episode.objects.get().title == "Ada’s"
    assert not second.send().saved, "nothing was chosen"
    assert second.choose(side).saved
    assert (Episode.objects.get().title, Episode.objects.get().runtime) == (title, 48)


def test_a_third_change_after_the_choice_is_asked_about_anew(ada, bo, episode):
    first, second, third = (EditorSession.open(editor, episode) for editor in (ada, bo, ada))
    first.fill_in(title="Ada’s").send()
    second.fill_in(title="Bo’s").send()
    assert third.fill_in(runtime=48).send().saved
    with record_edit():
        Episode.objects.update_or_create(pk=episode.pk, defaults={"title": "A third"})
    third_form = second.choose("mine")
    assert not third_form.saved
    assert next(iter(third_form.conflicts.values())).theirs == "A third"
    assert third_form.choose("mine").saved
    assert Episode.objects.get().title == "Bo’s"


def test_both_typing_the_same_is_no_conflict(ada, bo, episode):
    first, second = EditorSession.open_for_two(ada, bo, episode)
    assert first.fill_in(title="The Pilot").send().saved
    assert second.fill_in(title="The Pilot").send().saved
    assert Episode.objects.get().title == "The Pilot"


def test_a_row_added_by_one_stays_when_the_other_saves(ada, bo, episode):
    first, second = EditorSession.open_for_two(ada, bo, episode)
    cid = make.person("Cid")
    assert first.add("credits", person=cid.pk, role=make.role("writer").pk).send().saved
    assert second.fill_in(title="The Pilot").send().saved
    assert episode.credits.count() == 3


def test_a_row_removed_by_one_is_not_brought_back_by_the_other(ada, bo, episode):
    first, second = EditorSession.open_for_two(ada, bo, episode)
    credit = episode.credits.first()
    assert first.remove("credits", credit.pk).send().saved
    assert second.fill_in(title="The Pilot").send().saved
    assert not Credit.objects.filter(pk=credit.pk).exists()
    assert episode.credits.count() == 1


@pytest.mark.parametrize("side", ["mine", "theirs"])
def test_a_row_that_one_removed_and_the_other_changed_is_chosen(ada, bo, episode, side):
    credit = episode.credits.first()
    source = make.source()
    Citation.objects.create(source=source, credit=credit)
    first, second = EditorSession.open_for_two(ada, bo, episode)
    assert first.remove("credits", credit.pk).send().saved
    assert not second.fill_in_row("credits", credit.pk, billing=4).send().saved
    assert not Credit.objects.filter(pk=credit.pk).exists(), "it is back only until it is chosen"
    conflict = next(iter(second.conflicts.values()))
    assert (conflict.mine, conflict.theirs) == ("kept, with Billing: 4", "removed")
    assert second.choose(side).saved
    stored = Credit.objects.filter(pk=credit.pk).first()
    assert (stored is not None) == (side == "mine")
    if stored:
        assert stored.billing == 4
        assert stored.citations.count() == 1


def test_what_was_changed_in_a_row_before_it_was_removed_is_not_lost_when_it_comes_back(ada, bo, episode):
    credit = episode.credits.first()
    second = EditorSession.open(bo, episode)
    assert EditorSession.open(ada, episode).fill_in_row("credits", credit.pk, note="uncredited").send().saved
    assert EditorSession.open(ada, episode).remove("credits", credit.pk).send().saved
    assert not second.fill_in_row("credits", credit.pk, billing=4).send().saved
    assert second.choose("mine").saved
    credit = Credit.objects.get(pk=credit.pk)
    assert (credit.billing, credit.note) == (4, "uncredited")


@pytest.mark.parametrize("side", ["mine", "theirs"])
def test_a_row_that_one_changed_and_the_other_removes_is_chosen(ada, bo, episode, side):
    credit = episode.credits.first()
    first, second = EditorSession.open_for_two(ada, bo, episode)
    assert first.fill_in_row("credits", credit.pk, billing=4).send().saved
    assert not second.remove("credits", credit.pk).send().saved
    assert second.choose(side).saved
    stored = Credit.objects.filter(pk=credit.pk).first()
    assert (stored is None) == (side == "mine")
    assert stored is None or stored.billing == 4


def test_a_row_that_is_kept_as_the_other_left_it_asks_no_more(ada, bo, episode):
    credit = episode.credits.first()
    first, second = EditorSession.open_for_two(ada, bo, episode)
    assert first.fill_in_row("credits", credit.pk, billing=4).send().saved
    assert (
        not second.fill_in_row("credits", credit.pk, billing=5, note="mine").remove("credits", credit.pk).send().saved
    )
    assert second.choose("theirs").saved
    credit.refresh_from_db()
    assert (credit.billing, credit.note) == (4, "")


def test_both_removing_a_row_is_no_conflict(ada, bo, episode):
    credit = episode.credits.first()
    first, second = EditorSession.open_for_two(ada, bo, episode)
    assert first.remove("credits", credit.pk).send().saved
    assert second.remove("credits", credit.pk).fill_in(title="The Pilot").send().saved
    assert episode.credits.count() == 1


def test_both_adding_the_same_row_adds_it_once(ada, bo, episode):
    cid, writer = make.person("Cid"), make.role("writer")
    first, second = EditorSession.open_for_two(ada, bo, episode)
    assert first.add("credits", person=cid.pk, role=writer.pk).send().saved
    assert second.add("credits", person=cid.pk, role=writer.pk).fill_in(title="The Pilot").send().saved
    assert episode.credits.count() == 3
    assert Episode.objects.get().title == "The Pilot"


def test_two_fields_of_one_row_are_merged_and_one_field_is_chosen(ada, bo, episode):
    credit = episode.credits.first()
    first, second, third = (EditorSession.open(editor, episode) for editor in (ada, bo, bo))
    assert first.fill_in_row("credits", credit.pk, billing=4).send().saved
    assert second.fill_in_row("credits", credit.pk, note="uncredited").send().saved
    credit.refresh_from_db()
    assert (credit.billing, credit.note) == (4, "uncredited")
    assert not third.fill_in_row("credits", credit.pk, billing=5).send().saved
    assert third.choose("mine").saved
    credit.refresh_from_db()
    assert (credit.billing, credit.note) == (5, "uncredited")


def test_of_several_records_in_one_field_each_is_added_or_removed_by_itself(ada, bo):
    series = make.series(title="Gold")
    drama, comedy, crime = make.genre("Drama"), make.genre("Comedy"), make.genre("Crime")
    series.genres.set([drama])
    first, second = EditorSession.open_for_two(ada, bo, series)
    first.data["genres"], second.data["genres"] = [str(comedy.pk)], [str(drama.pk), str(crime.pk)]
    assert first.send().saved
    assert second.send().saved
    assert {genre.name for genre in series.genres.all()} == {"Comedy", "Crime"}


def test_what_was_typed_into_a_deleted_record_is_shown_and_can_bring_it_back(ada, bo, episode):
    credit = episode.credits.first()
    first, second = EditorSession.open_for_two(ada, bo, episode)
    page = ada.get(first.url.replace("change", "delete"))
    version = page.context_data["read_at"]
    assert ada.post(first.url.replace("change", "delete"), {"post": "yes", "_read_at": version}).status_code == 302
    assert not Episode.objects.exists()
    second.fill_in(title="Bo’s").fill_in_row("credits", credit.pk, billing=4).send()
    assert second.response.status_code == 409
    text = second.response.content.decode()
    assert "Bo’s" in text
    assert "ada" in text
    deletion = second.response.context_data["deletion"]
    assert second.send(_undelete=str(deletion.pk)).saved
    restored = Episode.objects.get(pk=episode.pk)
    assert (restored.title, restored.credits.count(), restored.credits.get(pk=credit.pk).billing) == ("Bo’s", 2, 4)


def test_a_record_that_was_changed_is_not_deleted_unseen(ada, bo, episode):
    url = EditorSession.open(bo, episode).url.replace("change", "delete")
    version = bo.get(url).context_data["read_at"]
    assert EditorSession.open(ada, episode).fill_in_row("credits", episode.credits.first().pk, billing=4).send().saved
    response = bo.post(url, {"post": "yes", "_read_at": version})
    assert response.status_code == 200
    assert "Ada has changed" in response.content.decode()
    assert Episode.objects.exists()
    assert bo.post(url, {"post": "yes", "_read_at": response.context_data["read_at"]}).status_code == 302
    assert not Episode.objects.exists()


def test_several_records_are_not_deleted_unseen_either(ada, bo, episode):
    url = "/admin/catalog/episode/"
    selected = {"action": "delete_selected", "_selected_action": [episode.pk]}
    version = bo.post(url, selected).context_data["read_at"]
    assert EditorSession.open(ada, episode).fill_in(title="The Pilot").send().saved
    response = bo.post(url, selected | {"post": "yes", "_read_at": version})
    assert response.status_code == 200
    assert "Ada has changed" in response.content.decode()
    assert bo.post(url, selected | {"post": "yes", "_read_at": response.context_data["read_at"]}).status_code == 302
    assert not Episode.objects.exists()


def test_a_form_that_does_not_say_when_it_was_read_is_not_saved(ada, episode):
    for version in ("", "x", "9" * 18, "-1"):
        form = EditorSession.open(ada, episode).fill_in(title="Blind").send(_read_at=version)
        assert not form.saved
        assert "does not say when it was read" in form.response.content.decode()
    assert Episode.objects.get().title == "Pilot"


def test_a_form_that_is_not_valid_keeps_what_was_merged_and_saves_nothing(ada, bo, episode):
    first, second = EditorSession.open_for_two(ada, bo, episode)
    assert first.fill_in(title="The Pilot").send().saved
    assert not second.fill_in(runtime=0).send().saved
    assert 'value="The Pilot"' in second.response.content.decode()
    assert second.choose("mine").fill_in(runtime=47).send().saved
    assert (Episode.objects.get().title, Episode.objects.get().runtime) == ("The Pilot", 47)


def test_prose_that_nobody_touched_is_not_taken_for_changed(ada, bo):
    series = make.series(title="Gold", premise="One.\n\nTwo.")
    first, second = EditorSession.open_for_two(ada, bo, series)
    first.data["premise"] = ["One.\r\n\r\nTwo, and more."]
    second.data["premise"] = ["One.\r\n\r\nTwo."]
    assert first.send().saved
    assert second.fill_in(status="ended").send().saved
    series = Series.objects.get()
    assert (series.premise, series.status) == ("One.\n\nTwo, and more.", "ended")


def test_whoever_was_merged_away_is_meant_as_who_they_are_now(ada, bo, episode):
    ann, duplicate = Person.objects.get(name="Ann Lee"), make.person("Anne Lee")
    form = EditorSession.open(bo, episode).add("credits", person=duplicate.pk, role=make.role("writer").pk)
    with record_edit(kind="merge", subject=f"person:{ann.pk}"):
        merge_records(ann, duplicate)
    assert form.send().saved
    assert episode.credits.filter(role__slug="writer").get().person == ann


def test_the_sources_of_a_cited_fact_are_asked_about_once_its_conflict_is_decided(ada, bo, episode):
    citation = Citation.objects.create(source=make.source(), episode=episode, field="title")
    first, second = EditorSession.open_for_two(ada, bo, episode)
    first.fill_in(title="Ada’s").send()
    assert answer_citation_questions(ada, first.response, "new").status_code == 302
    assert not second.fill_in(title="Bo’s").send().saved
    decided = second.choose("mine")
    assert not decided.saved
    assert "Title: Ada’s → Bo’s" in decided.response.content.decode()
    assert answer_citation_questions(bo, decided.response, "old").status_code == 302
    citation.refresh_from_db()
    assert (Episode.objects.get().title, citation.claim, citation.unchecked) == ("Bo’s", "Ada’s", False)


def test_an_answer_about_a_value_that_another_editor_changed_meanwhile_is_asked_for_again(ada, bo, episode):
    Citation.objects.create(source=make.source(), episode=episode, field="title")
    second = EditorSession.open(bo, episode).fill_in(title="Bo’s").send()
    with record_edit():
        Episode.objects.update_or_create(pk=episode.pk, defaults={"title": "A third"})
    second.response = answer_citation_questions(bo, second.response, "old")
    decided = second.choose("mine")
    assert not decided.saved
    assert "Title: A third → Bo’s" in decided.response.content.decode()
    assert Episode.objects.get().title == "A third"
