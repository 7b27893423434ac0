"""Two editors change one record at once in two browsers; no change is lost in any scenario.

``ada`` saves first; ``bo`` opened the form before that. Each scenario is a function of both browsers.
"""

import re

import pytest

from catalog.models import Credit, Episode, Person, Series
from catalog.tests import factories as make
from catalog.tests.browser.page_objects import EditorBrowser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCENARIOS = []


def scenario(function):
    """Register a scenario for the test at the end of this module."""
    SCENARIOS.append(function)
    return function


def create_person():
    """A person with an alias."""
    person = make.person("Ann Lee", born="1950")
    person.aliases.create(name="A. Lee")
    return person


def open_in_each(ada, bo, record):
    """Open the form of a record in each of the two browsers."""
    ada.open(record)
    bo.open(record)


@scenario
def different_fields_are_merged(ada, bo):
    """Including the slug; the same value from both is no conflict."""
    person = create_person()
    open_in_each(ada, bo, person)
    assert ada.fill(name="Anne Lee", slug="anne-lee").save()
    assert bo.fill(name="Anne Lee", born="1951").save()
    person.refresh_from_db()
    assert (person.name, person.slug, person.born) == ("Anne Lee", "anne-lee", "1951")


@scenario
def the_same_field_resolved_with_mine(ada, bo):
    person = create_person()
    open_in_each(ada, bo, person)
    assert ada.fill(name="Anne Lee").save()
    assert not bo.fill(name="Annie Lee").save()
    assert bo.conflicts() == ["Name of the person"]
    assert bo.resolve("mine")
    assert Person.objects.get(pk=person.pk).name == "Annie Lee"


@scenario
def the_same_field_resolved_with_theirs(ada, bo):
    person = create_person()
    open_in_each(ada, bo, person)
    assert ada.fill(name="Anne Lee").save()
    assert not bo.fill(name="Annie Lee", born="1951").save()
    assert bo.resolve("theirs")
    person.refresh_from_db()
    assert (person.name, person.born) == ("Anne Lee", "1951")


@scenario
def text_of_several_lines(ada, bo):
    person = create_person()
    Person.objects.filter(pk=person.pk).update(biography="One.\n\nTwo.")
    open_in_each(ada, bo, person)
    assert ada.fill(biography="One.\n\nTwo.\n\nThree.").save()
    assert bo.fill(born="1951").save()
    person.refresh_from_db()
    assert (person.biography, person.born) == ("One.\n\nTwo.\n\nThree.", "1951")


@scenario
def a_choice_and_a_date(ada, bo):
    series = make.series("Gold", status="running")
    open_in_each(ada, bo, series)
    assert ada.fill(status="ended", ended="2019-12").save()
    assert not bo.fill(status="cancelled", premiered="2018").save()
    assert bo.conflicts() == ["Status of the series"]
    assert bo.resolve("mine")
    series = Series.objects.get(pk=series.pk)
    assert (series.status, series.ended, series.premiered) == ("cancelled", "2019-12", "2018")


@scenario
def a_genre_added_by_each(ada, bo):
    series, first_genre, second_genre = make.series("Gold"), make.genre(), make.genre()
    open_in_each(ada, bo, series)
    assert ada.select_record("genres", first_genre).save()
    assert bo.select_record("genres", second_genre).save()
    assert set(series.genres.all()) == {first_genre, second_genre}


@scenario
def a_row_added_by_one(ada, bo):
    person = create_person()
    open_in_each(ada, bo, person)
    assert ada.add_row("aliases", "Alias", name="Annie").save()
    assert bo.fill(born="1951").save()
    assert person.aliases.count() == 2


@scenario
def rows_added_by_both(ada, bo):
    person = create_person()
    open_in_each(ada, bo, person)
    assert ada.add_row("aliases", "Alias", name="Annie").save()
    assert bo.add_row("aliases", "Alias", name="Nan").save()
    assert sorted(person.aliases.values_list("name", flat=True)) == ["A. Lee", "Annie", "Nan"]


@scenario
def the_same_row_added_by_both(ada, bo):
    person = create_person()
    open_in_each(ada, bo, person)
    assert ada.add_row("aliases", "Alias", name="Annie").save()
    assert bo.add_row("aliases", "Alias", name="Annie").fill(born="1951").save()
    assert person.aliases.count() == 2
    assert Person.objects.get(pk=person.pk).born == "1951"


@scenario
def a_row_removed_by_one(ada, bo):
    person = create_person()
    open_in_each(ada, bo, person)
    assert ada.fill_row("aliases", person.aliases.get(), DELETE=True).save()
    assert bo.fill(born="1951").save()
    assert not person.aliases.exists()


@scenario
def a_row_removed_by_one_and_changed_by_the_other(ada, bo):
    person = create_person()
    alias = person.aliases.get()
    open_in_each(ada, bo, person)
    assert ada.fill_row("aliases", alias, DELETE=True).save()
    assert not bo.fill_row("aliases", alias, note="stage name").save()
    assert bo.conflicts() == ["Alias “A. Lee”"]
    assert bo.resolve("mine")
    assert person.aliases.get(pk=alias.pk).note == "stage name"


@scenario
def a_row_changed_by_one_and_removed_by_the_other(ada, bo):
    person = create_person()
    alias = person.aliases.get()
    open_in_each(ada, bo, person)
    assert ada.fill_row("aliases", alias, note="stage name").save()
    assert not bo.fill_row("aliases", alias, DELETE=True).save()
    assert bo.resolve("theirs")
    assert person.aliases.get(pk=alias.pk).note == "stage name"


@scenario
def a_row_removed_by_both(ada, bo):
    person = create_person()
    alias = person.aliases.get()
    open_in_each(ada, bo, person)
    assert ada.fill_row("aliases", alias, DELETE=True).save()
    assert bo.fill_row("aliases", alias, DELETE=True).fill(born="1951").save()
    assert not person.aliases.exists()


def create_billed_episode():
    """An episode and its two credits, by billing."""
    episode = make.episode(title="Pilot")
    return episode, make.credit(episode, "Ann", billing=1), make.credit(episode, "Bob", billing=2)


@scenario
def billing_reordered_by_both(ada, bo):
    episode, ann, bob = create_billed_episode()
    open_in_each(ada, bo, episode)
    assert ada.fill_row("credits", ann, billing="2").fill_row("credits", bob, billing="1").save()
    assert not bo.fill_row("credits", ann, billing="5").fill_row("credits", bob, note="uncredited").save()
    assert len(bo.conflicts()) == 1
    assert bo.resolve("mine")
    ann, bob = (Credit.objects.get(pk=credit.pk) for credit in (ann, bob))
    assert (ann.billing, bob.billing, bob.note) == (5, 1, "uncredited")


@scenario
def deleted_while_edited(ada, bo):
    person = create_person()
    bo.open(person)
    assert ada.open(person, "delete").confirm()
    assert not bo.fill(name="Annie Lee").save()
    assert "Annie Lee" in bo.page.locator(".admin-conflicts").inner_text()
    assert bo.confirm()
    restored = Person.objects.get(pk=person.pk)
    assert (restored.name, restored.aliases.count()) == ("Annie Lee", 1)


@scenario
def edited_while_about_to_be_deleted(ada, bo):
    person = create_person()
    bo.open(person, "delete")
    assert ada.open(person).fill(born="1951").save()
    assert not bo.confirm()
    assert "Ada has changed" in bo.page.locator(".messagelist").inner_text()
    assert Person.objects.filter(pk=person.pk).exists()


@scenario
def unpublished_from_the_list_while_edited(ada, bo):
    person = create_person()
    bo.open(person)
    ada.run_action("unpublish", person)
    assert bo.fill(born="1951").save()
    person.refresh_from_db()
    assert (person.published_at, person.born) == (None, "1951")


@scenario
def merged_while_edited(ada, bo):
    person, duplicate = create_person(), make.person("Ann Leigh")
    bo.open(duplicate)
    ada.merge_people(person, duplicate)
    assert not bo.fill(born="1951").save()
    message = bo.page.locator(".admin-conflicts").inner_text()
    assert "Merged while you were editing" in message
    assert "1951" in message
    assert not Person.objects.filter(pk=duplicate.pk).exists()


@scenario
def merged_while_credited(ada, bo):
    episode, writer = make.episode(title="Pilot"), make.role("writer")
    person, duplicate = create_person(), make.person("Ann Leigh")
    bo.open(episode).add_row("credits", "Credit", person=duplicate.pk, role=writer.pk)
    ada.merge_people(person, duplicate)
    assert bo.save()
    assert episode.credits.get().person == person


@scenario
def imported_while_edited(ada, bo):
    person = create_person()
    bo.open(person)
    assert ada.preview_import(f"slug,name\n{person.slug},Anne Lee\n").apply_import()
    assert not bo.fill(name="Annie Lee", born="1951").save()
    assert bo.resolve("theirs")
    person.refresh_from_db()
    assert (person.name, person.born) == ("Anne Lee", "1951")


@scenario
def edited_while_imported(ada, bo):
    person = create_person()
    bo.preview_import(f"slug,name\n{person.slug},Annie Lee\n")
    assert ada.open(person).fill(name="Anne Lee").save()
    assert not bo.apply_import()
    assert Person.objects.get(pk=person.pk).name == "Anne Lee"


def test_no_change_is_lost_in_any_scenario(open_page, live_server, django_user_model):
    browsers = []
    for name in ("ada", "bo"):
        user = django_user_model.objects.create_superuser(name, password=name)
        browsers.append(EditorBrowser(open_page(expected="409"), user, live_server.url))
    assert len(SCENARIOS) >= 20
    failures = {}
    for run_scenario in SCENARIOS:
        try:
            run_scenario(*browsers)
        except Exception as error:  # noqa: BLE001 – a failure does not hide those of later scenarios
            message = re.sub(r"\s+", " ", f"{type(error).__name__} {error}")
            failures[run_scenario.__name__] = message[:400]
    assert failures == {}
    assert Episode.objects.exists()
