"""The history pages of the admin: entries with diffs, undo, revert and restore."""

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
from catalog.models import Change, Citation, Credit, Edit, Episode, FormerSlug, Person, Series, record_edit
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url
from catalog.tests.history import catalogue_state

pytestmark = pytest.mark.django_db
PAGES = ("/", "/series/", "/episodes/", "/people/", "/companies/", "/sources/")


def page_text(response):
    """The text of a page, without its markup."""
    body = response.content.decode().partition("<main")[2]
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", body)).split())


def history(admin_client, record, pk=None, query=""):
    """The text of a record's history."""
    response = admin_client.get(admin_url(type(record), "history", pk or record.pk) + query)
    assert response.status_code == 200
    return page_text(response)


def confirm(admin_client, url, summary="It was wrong"):
    """Open a confirmation page and submit its form; return the response and the text of the page."""
    page = admin_client.get(url)
    assert page.status_code == 200, (url, page.status_code)
    fingerprint = re.search(r'name="_fingerprint" value="(\w+)"', page.content.decode())
    assert fingerprint, page_text(page)
    return admin_client.post(url, {"_fingerprint": fingerprint[1], "_edit_summary": summary}), page_text(page)


def revert_url(record, version, only=""):
    """The address that reverts a record to a version."""
    return f"{admin_url(type(record), 'bring_back', record.pk)}?version={version}" + (f"&only={only}" if only else "")


def undo_url(edit):
    """The address that undoes an edit."""
    return reverse("admin:catalog_edit_undo", args=[edit.pk])


@pytest.fixture
def ann(db):
    """A user account."""
    return User.objects.create_user("ann")


def test_an_entry_shows_user_summary_and_old_and_new_values(admin_client, ann):
    picture = make.picture(alt_text="Somebody on stage")
    person = make.person("Ti West", born="1980-10", published_at="2020-02-29T13:37:00Z")
    with record_edit(ann, "The paper says so"):
        person.born, person.died, person.picture, person.published_at = "1980-10-05", "2021", picture, None
        person.save()
    text = history(admin_client, person)
    assert "Edited by ann" in text
    assert "The paper says so" in text
    assert "Born October 1980 → 5 October 1980" in text
    assert "Died nothing → 2021" in text
    assert "Portrait nothing → Somebody on stage" in text
    assert "Published at 29 February 2020, 13:37 → nothing" in text
    assert "Changed, by a command or an import" in text
    assert "Person added" in text


def test_added_and_deleted_credits_take_one_line_and_changes_one_per_field(admin_client, ann):
    episode = make.episode()
    with record_edit(ann, "The titles"):
        credit = make.credit(episode, "Ti West", billing=1)
        Citation.objects.create(source=make.source("Variety"), credit=credit, field="person")
    with record_edit(ann):
        credit.billing, credit.kind, credit.pilot_only = 2, "guest", True
        credit.save()
    with record_edit(ann):
        credit.delete()
    text = history(admin_client, episode)
    assert "Credit added: Ti West, Director billing 1" in text
    assert "Citation added: Variety: person" in text
    assert "Credit changed: Ti West, Director Cast kind nothing → Guest Billing 1 → 2 Pilot only no → yes" in text
    assert "Credit deleted: Ti West, Director cast kind Guest, billing 2, pilot only yes" in text


def test_deleted_records_and_many_to_many_links_are_shown_by_label(admin_client, ann):
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


def test_long_texts_are_compared_word_by_word(admin_client, ann):
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


def test_the_number_of_queries_does_not_grow_with_the_edits_and_the_page_is_paged(admin_client, ann):
    def make_edits(episode, total):
        for number in range(total):
            with record_edit(ann, f"Reason {number}"):
                make.credit(episode)
                episode.runtime = number + 1
                episode.save()

    short, long = make.episode(), make.episode()
    make_edits(short, 5)
    make_edits(long, 30)
    history(admin_client, short)
    counts = []
    for episode in (short, long):
        with CaptureQueriesContext(connection) as captured:
            history(admin_client, episode)
        counts.append(len(captured))
    assert counts[1] <= counts[0]
    first, second = history(admin_client, long), history(admin_client, long, query="?p=2")
    assert "Reason 29" in first
    assert "Reason 9 " not in first
    assert "Reason 9 " in second
    assert "31 edits" in second
    assert history(admin_client, long, query="?p=x") == first


def test_a_version_is_restored_whole_or_in_one_field(admin_client, ann):
    person = make.person("Ann Lee", born="1950")
    version = Change.objects.version()
    with record_edit(ann):
        person.name, person.born = "Anne", "1951"
        person.save()
    assert "Restore only born from before" in history(admin_client, person)
    response, text = confirm(admin_client, revert_url(person, version, "born"), "No, 1950")
    assert "Born 1951 → 1950" in text
    assert "Anne → Ann Lee" not in text
    assert response["Location"] == admin_url(Person, "history", person.pk)
    person.refresh_from_db()
    assert (person.name, person.born) == ("Anne", "1950")
    edit = Edit.objects.first()
    assert (edit.kind, edit.reason, edit.by) == (Edit.Kind.RESTORE, "No, 1950", "editor")
    confirm(admin_client, revert_url(person, version))
    person.refresh_from_db()
    assert person.name == "Ann Lee"
    assert "Nothing would change" in page_text(admin_client.get(revert_url(person, version)))


def test_an_edit_is_undone_and_so_is_the_undo(admin_client, ann):
    episode = make.episode()
    with record_edit(ann) as edit:
        make.credit(episode, "Ti West")
    after = catalogue_state()
    response, text = confirm(admin_client, undo_url(edit))
    assert "Credit deleted: Ti West, Director" in text
    assert response.status_code == 302
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


def test_conflicts_are_listed_and_nothing_is_changed(admin_client, ann):
    with record_edit(ann) as edit:
        person = make.person("Ann")
    make.credit(make.episode(), person)
    before = catalogue_state()
    page = admin_client.get(undo_url(edit))
    assert "The credit “Ann, Director” was added later and would lose the person" in page_text(page)
    assert "_fingerprint" not in page.content.decode()
    response = admin_client.post(undo_url(edit), {"_fingerprint": "x"})
    assert response.status_code == 409
    assert catalogue_state() == before


def test_a_version_that_would_break_a_rule_is_refused_in_words(admin_client):
    person = make.person(died="2001")
    version = Change.objects.version()
    person.died = None
    person.save()
    person.born = "2010"
    person.save()
    response, _ = confirm(admin_client, revert_url(person, version, "died"))
    assert response.status_code == 409
    assert "Nobody dies before being born" in page_text(response)
    person.refresh_from_db()
    assert person.died is None


def test_a_change_after_the_preview_is_shown_before_anything_is_changed(admin_client, ann):
    person = make.person("Ann", born="1950")
    with record_edit(ann) as edit:
        person.born = "1951"
        person.save()
    url = revert_url(person, edit.changes.get().pk - 1)
    fingerprint = re.search(r'name="_fingerprint" value="(\w+)"', admin_client.get(url).content.decode())[1]
    person.biography = "Meanwhile"
    person.save()
    response = admin_client.post(url, {"_fingerprint": fingerprint})
    assert response.status_code == 409
    assert "Something changed after this preview was made" in page_text(response)
    assert "Biography Meanwhile → nothing" in page_text(response)
    person.refresh_from_db()
    assert person.born == "1951"


def test_a_deleted_record_has_a_history_and_is_restored_from_it(admin_client):
    episode = make.episode(title="The Finale")
    make.credit(episode, "Ti West")
    before, key = catalogue_state(), episode.pk
    delete = admin_url(Episode, "delete", key)
    page = admin_client.get(delete).content.decode()
    fields = dict(re.findall(r'type="hidden" name="(_\w+)" value="(\w*)"', page))
    admin_client.post(delete, {"post": "yes", "_edit_summary": "Never aired"} | fields)
    assert not Episode.objects.exists()
    text = history(admin_client, episode, key)
    assert "It was deleted by editor" in text
    assert "Never aired" in text
    assert admin_client.get(admin_url(Episode, "change", key))["Location"] == admin_url(Episode, "history", key)
    list_text = page_text(admin_client.get(reverse("admin:catalog_change_deleted") + "?kind=episode"))
    assert "The Finale" in list_text
    assert "Restore" in list_text
    _, text = confirm(admin_client, admin_url(Episode, "recover", key), "\x00 After all")
    assert Edit.objects.first().reason == "After all"
    assert "Credit added: Ti West, Director" in text
    assert catalogue_state() == before
    assert "Restored" in page_text(admin_client.get(reverse("admin:catalog_change_deleted")))
    assert admin_client.get(admin_url(Episode, "recover", key)).status_code == 404


def test_a_deleted_former_slug_is_not_offered_for_restoring(admin_client):
    """It can only be restored with the record that it redirects to."""
    person = make.person("Ann Lee", slug="ann")
    person.slug = "ann-lee"
    person.save()
    former_slug = FormerSlug.objects.get(old_slug="ann")
    pk = former_slug.pk
    former_slug.delete()
    assert "Restore" not in history(admin_client, former_slug, pk)


def test_the_list_of_deleted_records_marks_parts_and_needs_no_more_queries_when_it_grows(admin_client, ann):
    with record_edit(ann, "Twice"):
        make.episode(title="Inner").season.series.delete()
    url = reverse("admin:catalog_change_deleted")
    admin_client.get(url)
    with CaptureQueriesContext(connection) as few_queries:
        assert "Deleted with another record" in page_text(admin_client.get(url))
    for _ in range(20):
        with record_edit(ann):
            make.person().delete()
            make.series().delete()
    with CaptureQueriesContext(connection) as many_queries:
        admin_client.get(url)
    assert len(few_queries) == len(many_queries)


def test_the_history_of_a_merged_record_links_to_the_target(admin_client, ann):
    target, duplicate = make.person("Ann"), make.person("Anne")
    key = duplicate.pk
    with record_edit(ann, "The same", Edit.Kind.MERGE, f"person:{target.pk}"):
        merge_records(target, duplicate)
    text = history(admin_client, target, key)
    assert "It was merged into Ann by ann" in text
    assert "Undo the merge" in text
    assert "Merged by ann" in history(admin_client, target)
    assert "Restore" not in text


def test_unknown_records_have_no_history(admin_client):
    for key in ("77", "x", "9" * 30):
        assert admin_client.get(admin_url(Person, "history", key)).status_code == 302
    for key in (77, 10**30):
        assert admin_client.get(reverse("admin:catalog_edit_undo", args=[key])).status_code == 404
        assert admin_client.get(admin_url(Person, "recover", key)).status_code == 404
    person = make.person()
    for query in ("?version=x", "?version=1&only=nothing", ""):
        assert admin_client.get(admin_url(Person, "bring_back", person.pk) + query).status_code == 404


def test_a_contributor_reverts_drafts_only_and_publishes_nothing(contributor):
    draft, published = make.person(published_at=None), make.person()
    for person in (draft, published):
        with record_edit() as edit:
            person.born = "1950"
            person.save()
        url, expected = undo_url(edit), 200 if person is draft else 403
        assert contributor.get(url).status_code == expected
        version = edit.changes.get().pk - 1
        assert contributor.get(revert_url(person, version)).status_code == expected
        assert contributor.post(revert_url(person, version), {"_fingerprint": "x"}).status_code in (403, 409)
        text = history(contributor, person)
        assert ("Undo this edit" in text) == ("Restore the version before" in text) == (person is draft)
        assert ("Undo this edit" in page_text(contributor.get(admin_url(Edit, "change", edit.pk)))) is False
    confirm(contributor, undo_url(Edit.objects.get(changes__record_id=draft.pk)))
    draft.refresh_from_db()
    assert draft.born is None
    with record_edit() as edit:
        published.published_at = None
        published.save()
    assert contributor.get(undo_url(edit)).status_code == 403
    credit = make.credit(make.episode(), published)
    with record_edit() as edit:
        credit.delete()
    assert contributor.get(undo_url(edit)).status_code == 403


def test_a_contributor_restores_drafts_only(contributor):
    person = make.person("Seen by all")
    key = person.pk
    person.delete()
    list_text = reverse("admin:catalog_change_deleted")
    assert "Restore" not in history(contributor, person, key) + page_text(contributor.get(list_text))
    assert contributor.get(admin_url(Person, "recover", key)).status_code == 403
    assert contributor.post(admin_url(Person, "recover", key)).status_code == 403
    draft = make.person(published_at=None)
    key = draft.pk
    draft.delete()
    assert "Restore" in history(contributor, draft, key)
    assert "Restore" in page_text(contributor.get(list_text))
    confirm(contributor, admin_url(Person, "recover", key))
    assert Person.objects.filter(pk=key).exists()
