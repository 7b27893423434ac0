"""The history at the desk: every act is told, and each way back leads there."""

import html
import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.admin import edit as edit_admin
from catalog.admin.history import admin as history_admin
from catalog.history.merge_records import merge_records
from catalog.models import Change, Citation, Credit, Edit, Episode, Person, Series, record_edit
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url
from catalog.tests.history import catalogue_state

pytestmark = pytest.mark.django_db
PAGES = ("/", "/series/", "/episodes/", "/people/", "/companies/", "/sources/")


def page_text(response):
    """What a page says, without its marks."""
    body = response.content.decode().partition("<main")[2]
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", body)).split())


def history(admin_client, record, pk=None, query=""):
    """The text of a record's history."""
    response = admin_client.get(admin_url(type(record), "history", pk or record.pk) + query)
    assert response.status_code == 200
    return page_text(response)


def confirm(admin_client, url, why="It was wrong"):
    """Open a confirmation, and send its form; the answer and what the page said."""
    page = admin_client.get(url)
    assert page.status_code == 200, (url, page.status_code)
    seen = re.search(r'name="_fingerprint" value="(\w+)"', page.content.decode())
    assert seen, page_text(page)
    return admin_client.post(url, {"_fingerprint": seen[1], "_edit_summary": why}), page_text(page)


def revert_url(record, version, only=""):
    """The address of bringing back."""
    return f"{admin_url(type(record), 'bring_back', record.pk)}?version={version}" + (f"&only={only}" if only else "")


def undo_url(edit):
    """The address of undoing."""
    return reverse("admin:catalog_edit_undo", args=[edit.pk])


@pytest.fixture
def ann(db):
    """An account."""
    return User.objects.create_user("ann")


def test_a_change_tells_who_why_and_each_field_from_what_to_what(admin_client, ann):
    picture = make.picture(alt_text="Somebody on stage")
    person = make.person("Ti West", born="1980-10", published_at="2020-02-29T13:37:00Z")
    with record_edit(ann, "The paper says so"):
        person.born, person.died, person.picture, person.published_at = "1980-10-05", "2021", picture, None
        person.save()
    told = history(admin_client, person)
    assert "Edited by ann" in told
    assert "The paper says so" in told
    assert "Born October 1980 → 5 October 1980" in told
    assert "Died nothing → 2021" in told
    assert "Portrait nothing → Somebody on stage" in told
    assert "Published at 29 February 2020, 13:37 → nothing" in told
    assert "Changed, by a command or an import" in told
    assert "Person added" in told


def test_credits_are_told_in_one_line_each_and_their_changes_field_by_field(admin_client, ann):
    episode = make.episode()
    with record_edit(ann, "The titles"):
        credit = make.credit(episode, "Ti West", billing=1)
        Citation.objects.create(source=make.source("Variety"), credit=credit, field="person")
    with record_edit(ann):
        credit.billing, credit.kind, credit.pilot_only = 2, "guest", True
        credit.save()
    with record_edit(ann):
        credit.delete()
    told = history(admin_client, episode)
    assert "Credit added: Ti West, Director billing 1" in told
    assert "Citation added: Variety: person" in told
    assert "Credit changed: Ti West, Director Cast kind nothing → Guest Billing 1 → 2 Pilot only no → yes" in told
    assert "Credit deleted: Ti West, Director cast kind Guest, billing 2, pilot only yes" in told


def test_names_of_what_is_gone_and_ties_are_told(admin_client, ann):
    series, drama, comedy = make.series(), make.genre("Drama"), make.genre("Comedy")
    with record_edit(ann):
        series.genres.set([drama])
    with record_edit(ann):
        series.genres.set([comedy])
    drama.delete()
    assert "Genres Drama → Comedy" in history(admin_client, series)
    credit = make.credit(episode := make.episode(), "Ann Lee")
    credit.person = make.person("Bob")
    credit.save()
    Person.objects.filter(name="Ann Lee").delete()
    assert "Person Ann Lee → Bob" in history(admin_client, episode)


def test_prose_is_compared_word_by_word(admin_client, ann):
    words = [f"word{number}" for number in range(60)]
    series = make.series(premise=" ".join(words))
    with record_edit(ann):
        words[30] = "changed"
        series.premise = " ".join(words)
        series.save()
    page = admin_client.get(admin_url(Series, "history", series.pk)).content.decode()
    assert "<del>word30</del><ins>changed</ins>" in page
    prose = page.partition('class="history__prose"')[2].partition("</dd>")[0]
    assert "…" in prose
    assert "word29" in prose
    assert "word0 " not in prose


def test_a_history_asks_no_more_of_the_database_with_more_acts_and_is_paged(admin_client, ann):
    def acts(episode, total):
        for number in range(total):
            with record_edit(ann, f"Reason {number}"):
                make.credit(episode)
                episode.runtime = number + 1
                episode.save()

    few, many = make.episode(), make.episode()
    acts(few, 5)
    acts(many, 30)
    history(admin_client, few)
    counts = []
    for episode in (few, many):
        with CaptureQueriesContext(connection) as captured:
            history(admin_client, episode)
        counts.append(len(captured))
    assert counts[1] <= counts[0]
    first, second = history(admin_client, many), history(admin_client, many, query="?p=2")
    assert "Reason 29" in first
    assert "Reason 9 " not in first
    assert "Reason 9 " in second
    assert "31 edits" in second
    assert history(admin_client, many, query="?p=x") == first


def test_an_earlier_state_is_brought_back_whole_or_in_one_field(admin_client, ann):
    person = make.person("Ann Lee", born="1950")
    version = Change.objects.version()
    with record_edit(ann):
        person.name, person.born = "Anne", "1951"
        person.save()
    assert "Restore only born" in history(admin_client, person)
    answer, told = confirm(admin_client, revert_url(person, version, "born"), "No, 1950")
    assert "Born 1951 → 1950" in told
    assert "Anne → Ann Lee" not in told
    assert answer["Location"] == admin_url(Person, "history", person.pk)
    person.refresh_from_db()
    assert (person.name, person.born) == ("Anne", "1950")
    edit = Edit.objects.first()
    assert (edit.kind, edit.reason, edit.by) == (Edit.Kind.RESTORE, "No, 1950", "editor")
    confirm(admin_client, revert_url(person, version))
    person.refresh_from_db()
    assert person.name == "Ann Lee"
    assert "Nothing would change" in page_text(admin_client.get(revert_url(person, version)))


def test_an_edit_is_undone_and_the_undoing_as_well(admin_client, ann):
    episode = make.episode()
    with record_edit(ann) as edit:
        make.credit(episode, "Ti West")
    after = catalogue_state()
    answer, told = confirm(admin_client, undo_url(edit))
    assert "Credit deleted: Ti West, Director" in told
    assert answer.status_code == 302
    assert not Credit.objects.exists()
    assert "undone later" in history(admin_client, episode)
    undone = Edit.objects.get(undone=edit)
    assert undone.kind == Edit.Kind.UNDO
    assert "undone by editor" in page_text(admin_client.get(admin_url(Edit, "change", edit.pk)))
    confirm(admin_client, undo_url(undone))
    assert catalogue_state() == after
    assert "Undo this edit" in page_text(admin_client.get(admin_url(Edit, "change", edit.pk)))
    assert "undone later" in history(admin_client, episode)
    confirm(admin_client, undo_url(edit))
    assert not Credit.objects.exists()


@pytest.mark.parametrize("plan_name", ["plan_undo", "plan_revert", "plan_undelete"])
def test_each_request_plans_once(admin_client, monkeypatch, plan_name):
    person = make.person("Ann")
    with record_edit() as edit:
        person.born = "1950"
        person.save()
    if plan_name == "plan_undelete":
        key = person.pk
        person.delete()
        person.pk = key
    urls = {
        "plan_undo": undo_url(edit),
        "plan_revert": revert_url(person, edit.changes.get().pk - 1),
        "plan_undelete": admin_url(Person, "recover", person.pk),
    }
    module = edit_admin if plan_name == "plan_undo" else history_admin
    make_plan, calls = getattr(module, plan_name), []
    monkeypatch.setattr(module, plan_name, lambda *args: calls.append(args) or make_plan(*args))
    admin_client.get(urls[plan_name])
    assert len(calls) == 1
    response, _ = confirm(admin_client, urls[plan_name])
    assert response.status_code == 302
    assert len(calls) == 3, "one for each of the three requests"


def test_what_stands_in_the_way_is_said_and_nothing_is_done(admin_client, ann):
    with record_edit(ann) as edit:
        person = make.person("Ann")
    make.credit(make.episode(), person)
    before = catalogue_state()
    page = admin_client.get(undo_url(edit))
    assert "The credit “Ann, Director” was added later and would lose the person" in page_text(page)
    assert "_fingerprint" not in page.content.decode()
    answer = admin_client.post(undo_url(edit), {"_fingerprint": "x"})
    assert answer.status_code == 409
    assert catalogue_state() == before


def test_a_rule_that_would_be_broken_is_told_in_words(admin_client):
    person = make.person(died="2001")
    version = Change.objects.version()
    person.died = None
    person.save()
    person.born = "2010"
    person.save()
    answer, _ = confirm(admin_client, revert_url(person, version, "died"))
    assert answer.status_code == 409
    assert "Nobody dies before being born" in page_text(answer)
    person.refresh_from_db()
    assert person.died is None


def test_what_changed_since_the_page_was_read_is_shown_before_anything_is_done(admin_client, ann):
    person = make.person("Ann", born="1950")
    with record_edit(ann) as edit:
        person.born = "1951"
        person.save()
    url = revert_url(person, edit.changes.get().pk - 1)
    seen = re.search(r'name="_fingerprint" value="(\w+)"', admin_client.get(url).content.decode())[1]
    person.biography = "Meanwhile"
    person.save()
    answer = admin_client.post(url, {"_fingerprint": seen})
    assert answer.status_code == 409
    assert "Something changed after this preview was made" in page_text(answer)
    assert "Biography Meanwhile → nothing" in page_text(answer)
    person.refresh_from_db()
    assert person.born == "1951"


def test_a_deleted_record_has_a_history_and_is_recovered_from_it(admin_client):
    episode = make.episode(title="The Finale")
    make.credit(episode, "Ti West")
    before, key = catalogue_state(), episode.pk
    delete = admin_url(Episode, "delete", key)
    page = admin_client.get(delete).content.decode()
    fields = dict(re.findall(r'type="hidden" name="(_\w+)" value="(\w*)"', page))
    admin_client.post(delete, {"post": "yes", "_edit_summary": "Never aired"} | fields)
    assert not Episode.objects.exists()
    told = history(admin_client, episode, key)
    assert "It was deleted by editor" in told
    assert "Never aired" in told
    assert admin_client.get(admin_url(Episode, "change", key))["Location"] == admin_url(Episode, "history", key)
    listed = page_text(admin_client.get(reverse("admin:catalog_change_deleted") + "?kind=episode"))
    assert "The Finale" in listed
    assert "Restore" in listed
    _, told = confirm(admin_client, admin_url(Episode, "recover", key), "\x00 After all")
    assert Edit.objects.first().reason == "After all"
    assert "Credit added: Ti West, Director" in told
    assert catalogue_state() == before
    assert "Restored" in page_text(admin_client.get(reverse("admin:catalog_change_deleted")))
    assert admin_client.get(admin_url(Episode, "recover", key)).status_code == 404


def test_the_list_of_what_was_deleted_names_what_went_with_another_and_grows_without_queries(admin_client, ann):
    with record_edit(ann, "Twice"):
        make.episode(title="Inner").season.series.delete()
    url = reverse("admin:catalog_change_deleted")
    admin_client.get(url)
    with CaptureQueriesContext(connection) as few:
        assert "Deleted with another record" in page_text(admin_client.get(url))
    for _ in range(20):
        with record_edit(ann):
            make.person().delete()
            make.series().delete()
    with CaptureQueriesContext(connection) as many:
        admin_client.get(url)
    assert len(few) == len(many)


def test_the_history_of_a_merged_record_says_into_what(admin_client, ann):
    stays, gone = make.person("Ann"), make.person("Anne")
    key = gone.pk
    with record_edit(ann, "The same", Edit.Kind.MERGE, f"person:{stays.pk}"):
        merge_records(stays, gone)
    told = history(admin_client, stays, key)
    assert "It was merged into Ann by ann" in told
    assert "Undo the merge" in told
    assert "Merged by ann" in history(admin_client, stays)
    assert "Restore" not in told


def test_what_never_was_has_no_history(admin_client):
    for key in ("77", "x", "9" * 30):
        assert admin_client.get(admin_url(Person, "history", key)).status_code == 302
    for key in (77, 10**30):
        assert admin_client.get(reverse("admin:catalog_edit_undo", args=[key])).status_code == 404
        assert admin_client.get(admin_url(Person, "recover", key)).status_code == 404
    person = make.person()
    for query in ("?version=x", "?version=1&only=nothing", ""):
        assert admin_client.get(admin_url(Person, "bring_back", person.pk) + query).status_code == 404


def test_a_contributor_brings_back_drafts_only_and_publishes_nothing_by_it(contributor):
    draft, seen = make.person(published_at=None), make.person()
    for person in (draft, seen):
        with record_edit() as edit:
            person.born = "1950"
            person.save()
        url, expected = undo_url(edit), 200 if person is draft else 403
        assert contributor.get(url).status_code == expected
        version = edit.changes.get().pk - 1
        assert contributor.get(revert_url(person, version)).status_code == expected
        assert contributor.post(revert_url(person, version), {"_fingerprint": "x"}).status_code in (403, 409)
        told = history(contributor, person)
        assert ("Undo this edit" in told) == ("Restore the version before" in told) == (person is draft)
        assert ("Undo this edit" in page_text(contributor.get(admin_url(Edit, "change", edit.pk)))) is False
    confirm(contributor, undo_url(Edit.objects.get(changes__record_id=draft.pk)))
    draft.refresh_from_db()
    assert draft.born is None
    with record_edit() as edit:
        seen.published_at = None
        seen.save()
    assert contributor.get(undo_url(edit)).status_code == 403
    credit = make.credit(make.episode(), seen)
    with record_edit() as edit:
        credit.delete()
    assert contributor.get(undo_url(edit)).status_code == 403


def test_a_contributor_does_not_recover_what_was_published(contributor):
    person = make.person("Seen by all")
    key = person.pk
    person.delete()
    listed = reverse("admin:catalog_change_deleted")
    assert "Restore" not in history(contributor, person, key) + page_text(contributor.get(listed))
    assert contributor.get(admin_url(Person, "recover", key)).status_code == 403
    assert contributor.post(admin_url(Person, "recover", key)).status_code == 403
    draft = make.person(published_at=None)
    key = draft.pk
    draft.delete()
    assert "Restore" in history(contributor, draft, key)
    assert "Restore" in page_text(contributor.get(listed))
    confirm(contributor, admin_url(Person, "recover", key))
    assert Person.objects.filter(pk=key).exists()
