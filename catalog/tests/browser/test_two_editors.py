"""Two editors in two browsers, one record: every kind of collision there is, and nothing is lost in any.

``ada`` saves first, ``bo`` has had the form open since before that. Each kind is a function of both and what it is
about; it says what has to hold in the end.
"""

import re

import pytest
from django.urls import reverse

from catalog.models import Credit, Episode, Person, Series
from catalog.tests import factories as make
from catalog.tests.browser.page_objects import Editor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KINDS = []


def kind(function):
    """A kind of collision."""
    KINDS.append(function)
    return function


def person():
    """Somebody, with an alias."""
    who = make.person("Ann Lee", born="1950")
    who.aliases.create(name="A. Lee")
    return who


def both(ada, bo, record):
    """The form open in both browsers."""
    ada.open(record)
    bo.open(record)
    return ada, bo


@kind
def fields_of_their_own_are_merged(ada, bo):
    """The slug among them; what both write alike is no conflict."""
    who = person()
    both(ada, bo, who)
    assert ada.put(name="Anne Lee", slug="anne-lee").save()
    assert bo.put(name="Anne Lee", born="1951").save()
    who.refresh_from_db()
    assert (who.name, who.slug, who.born) == ("Anne Lee", "anne-lee", "1951")


@kind
def the_same_field_mine(ada, bo):
    who = person()
    both(ada, bo, who)
    assert ada.put(name="Anne Lee").save()
    assert not bo.put(name="Annie Lee").save()
    assert bo.conflicts() == ["Name of the person"]
    assert bo.choose("mine")
    assert Person.objects.get(pk=who.pk).name == "Annie Lee"


@kind
def the_same_field_theirs(ada, bo):
    who = person()
    both(ada, bo, who)
    assert ada.put(name="Anne Lee").save()
    assert not bo.put(name="Annie Lee", born="1951").save()
    assert bo.choose("theirs")
    who.refresh_from_db()
    assert (who.name, who.born) == ("Anne Lee", "1951")


@kind
def prose_of_several_lines(ada, bo):
    who = person()
    Person.objects.filter(pk=who.pk).update(biography="One.\n\nTwo.")
    both(ada, bo, who)
    assert ada.put(biography="One.\n\nTwo.\n\nThree.").save()
    assert bo.put(born="1951").save()
    who.refresh_from_db()
    assert (who.biography, who.born) == ("One.\n\nTwo.\n\nThree.", "1951")


@kind
def a_choice_and_a_date(ada, bo):
    series = make.series("Gold", status="running")
    both(ada, bo, series)
    assert ada.put(status="ended", ended="2019-12").save()
    assert not bo.put(status="cancelled", premiered="2018").save()
    assert bo.conflicts() == ["Status of the series"]
    assert bo.choose("mine")
    series = Series.objects.get(pk=series.pk)
    assert (series.status, series.ended, series.premiered) == ("cancelled", "2019-12", "2018")


@kind
def several_genres(ada, bo):
    series, one, two = make.series("Gold"), make.genre(), make.genre()
    both(ada, bo, series)
    add = "(field, pk) => field.add(new Option(pk, pk, true, true))"
    ada.page.locator('[name="genres"]').evaluate(add, str(one.pk))
    bo.page.locator('[name="genres"]').evaluate(add, str(two.pk))
    assert ada.save()
    assert bo.save()
    assert set(series.genres.all()) == {one, two}


@kind
def a_row_added_by_one(ada, bo):
    who = person()
    both(ada, bo, who)
    assert ada.add("aliases", "Alias", name="Annie").save()
    assert bo.put(born="1951").save()
    assert who.aliases.count() == 2


@kind
def rows_added_by_both(ada, bo):
    who = person()
    both(ada, bo, who)
    assert ada.add("aliases", "Alias", name="Annie").save()
    assert bo.add("aliases", "Alias", name="Nan").save()
    assert sorted(who.aliases.values_list("name", flat=True)) == ["A. Lee", "Annie", "Nan"]


@kind
def the_same_row_added_by_both(ada, bo):
    who = person()
    both(ada, bo, who)
    assert ada.add("aliases", "Alias", name="Annie").save()
    assert bo.add("aliases", "Alias", name="Annie").put(born="1951").save()
    assert who.aliases.count() == 2
    assert Person.objects.get(pk=who.pk).born == "1951"


@kind
def a_row_removed_by_one(ada, bo):
    who = person()
    both(ada, bo, who)
    assert ada.row("aliases", who.aliases.get(), DELETE=True).save()
    assert bo.put(born="1951").save()
    assert not who.aliases.exists()


@kind
def a_row_removed_by_one_and_changed_by_the_other(ada, bo):
    who = person()
    alias = who.aliases.get()
    both(ada, bo, who)
    assert ada.row("aliases", alias, DELETE=True).save()
    assert not bo.row("aliases", alias, note="stage name").save()
    assert bo.conflicts() == ["Alias “A. Lee”"]
    assert bo.choose("mine")
    assert who.aliases.get(pk=alias.pk).note == "stage name"


@kind
def a_row_changed_by_one_and_removed_by_the_other(ada, bo):
    who = person()
    alias = who.aliases.get()
    both(ada, bo, who)
    assert ada.row("aliases", alias, note="stage name").save()
    assert not bo.row("aliases", alias, DELETE=True).save()
    assert bo.choose("theirs")
    assert who.aliases.get(pk=alias.pk).note == "stage name"


@kind
def a_row_removed_by_both(ada, bo):
    who = person()
    alias = who.aliases.get()
    both(ada, bo, who)
    assert ada.row("aliases", alias, DELETE=True).save()
    assert bo.row("aliases", alias, DELETE=True).put(born="1951").save()
    assert not who.aliases.exists()


def billed():
    """An episode with two credits in the order of billing."""
    episode = make.episode(title="Pilot")
    return episode, make.credit(episode, "Ann", billing=1), make.credit(episode, "Bob", billing=2)


@kind
def the_billing_reordered_by_both(ada, bo):
    episode, one, two = billed()
    both(ada, bo, episode)
    assert ada.row("credits", one, billing="2").row("credits", two, billing="1").save()
    assert not bo.row("credits", one, billing="5").row("credits", two, note="uncredited").save()
    assert len(bo.conflicts()) == 1
    assert bo.choose("mine")
    one, two = (Credit.objects.get(pk=each.pk) for each in (one, two))
    assert (one.billing, two.billing, two.note) == (5, 1, "uncredited")


@kind
def deleted_while_edited(ada, bo):
    who = person()
    bo.open(who)
    assert ada.open(who, "delete").confirm()
    assert not bo.put(name="Annie Lee").save()
    assert "Annie Lee" in bo.page.locator(".admin-conflicts").inner_text()
    assert bo.confirm()
    back = Person.objects.get(pk=who.pk)
    assert (back.name, back.aliases.count()) == ("Annie Lee", 1)


@kind
def edited_while_about_to_be_deleted(ada, bo):
    who = person()
    bo.open(who, "delete")
    assert ada.open(who).put(born="1951").save()
    assert not bo.confirm()
    assert "Ada has changed" in bo.page.locator(".messagelist").inner_text()
    assert Person.objects.filter(pk=who.pk).exists()


@kind
def made_a_draft_from_the_list_while_edited(ada, bo):
    who = person()
    bo.open(who)
    ada.page.goto(reverse("admin:catalog_person_changelist"))
    ada.page.locator(f'[name="_selected_action"][value="{who.pk}"]').check()
    ada.page.locator('[name="action"]').first.select_option("unpublish")
    with ada.page.expect_navigation():
        ada.page.locator('button[name="index"]').first.click()
    assert bo.put(born="1951").save()
    who.refresh_from_db()
    assert (who.published_at, who.born) == (None, "1951")


@kind
def merged_while_edited(ada, bo):
    who, double = person(), make.person("Ann Leigh")
    bo.open(double)
    merge(ada, who, double)
    assert not bo.put(born="1951").save()
    told = bo.page.locator(".admin-conflicts").inner_text()
    assert "Merged while you were editing" in told
    assert "1951" in told
    assert not Person.objects.filter(pk=double.pk).exists()


@kind
def merged_while_credited(ada, bo):
    episode, writer = make.episode(title="Pilot"), make.role("writer")
    who, double = person(), make.person("Ann Leigh")
    bo.open(episode).add("credits", "Credit", person=double.pk, role=writer.pk)
    merge(ada, who, double)
    assert bo.save()
    assert episode.credits.get().person == who


@kind
def imported_while_edited(ada, bo):
    who = person()
    bo.open(who)
    bring_in(ada, f"slug,name\n{who.slug},Anne Lee\n")
    assert not bo.put(name="Annie Lee", born="1951").save()
    assert bo.choose("theirs")
    who.refresh_from_db()
    assert (who.name, who.born) == ("Anne Lee", "1951")


@kind
def edited_while_imported(ada, bo):
    who = person()
    read_in(bo, f"slug,name\n{who.slug},Annie Lee\n")
    assert ada.open(who).put(name="Anne Lee").save()
    assert not write_in(bo)
    assert Person.objects.get(pk=who.pk).name == "Anne Lee"


def merge(editor, keep, gone):
    """Merge two people, from the list of them."""
    editor.page.goto(reverse("admin:catalog_person_changelist"))
    for each in (keep, gone):
        editor.page.locator(f'[name="_selected_action"][value="{each.pk}"]').check()
    editor.page.locator('[name="action"]').first.select_option("merge_selected")
    with editor.page.expect_navigation():
        editor.page.locator('button[name="index"]').first.click()
    editor.page.locator(f'[name="_keep"][type=radio][value="{keep.pk}"]').check()
    for button in ("Preview", f"Merge into “{keep.name}”"):
        with editor.page.expect_navigation():
            editor.page.get_by_role("button", name=button).click()
    assert editor.page.locator(".messagelist .success").count() > 0


def read_in(editor, text):
    """Show what a list of people would change."""
    editor.page.goto(reverse("admin:catalog_person_import"))
    editor.page.get_by_label("File").set_input_files(
        files={"name": "people.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    with editor.page.expect_navigation():
        editor.page.get_by_role("button", name="Show what would change").click()


def write_in(editor):
    """Write what was shown; whether it was written."""
    with editor.page.expect_navigation():
        editor.page.get_by_role("button", name="Import these changes").click()
    return editor.page.locator(".messagelist .success").count() > 0


def bring_in(editor, text):
    """Both."""
    read_in(editor, text)
    assert write_in(editor)


def test_nothing_is_lost_in_any_kind_of_collision(open_page, live_server, django_user_model):
    editors = []
    for name in ("ada", "bo"):
        page = open_page(expected="409")
        page.url_base = live_server.url
        editors.append(Editor(page, django_user_model.objects.create_superuser(name, password=name)))
    assert len(KINDS) >= 20
    failed = {}
    for each in KINDS:
        try:
            each(*editors)
        except Exception as error:  # noqa: BLE001 – one kind that fails does not hide the next
            failed[each.__name__.replace("_", " ")] = re.sub(r"\s+", " ", f"{type(error).__name__} {error}")[:400]
    assert failed == {}
    assert Episode.objects.exists()
