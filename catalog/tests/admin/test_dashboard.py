"""The first page of the admin: rules with counts and lists, recent edits, the user's drafts, scheduled records."""

from datetime import timedelta

import lxml.html
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.admin import person as person_admin
from catalog.models import Change, Citation, Edit, Episode, Person, record_edit
from catalog.quality import count_cache
from catalog.quality.rules import COMPLETENESS, DECISIONS, RULES
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url, change_url, submit_form, was_saved
from catalog.tests.quality.test_rules import CASES

INDEX = reverse("admin:index")


def dashboard(client):
    """The parsed page."""
    response = client.get(INDEX)
    assert response.status_code == 200
    return lxml.html.document_fromstring(response.content.decode())


def panel(client, name):
    """The entries of a panel, as (text, URL of the first link)."""
    entries = dashboard(client).cssselect(f"[aria-labelledby=admin-{name}] li")
    links = [(" ".join(" ".join(entry.itertext()).split()), entry.cssselect("a")) for entry in entries]
    return [(text, anchors[0].get("href") if anchors else "") for text, anchors in links]


def rule_counts(client):
    """The rules on the page: ``{(kind, name): (number of records, URL of their list)}``."""
    counts = {}
    for entry in dashboard(client).cssselect("[data-rule]"):
        number = entry.get("data-found") or entry.cssselect("b")[0].text_content()
        counts[tuple(entry.get("data-rule").split("/"))] = int(number), entry.cssselect("a")[0].get("href")
    return counts


def list_length(client, url):
    """The number of records in a list."""
    document = lxml.html.document_fromstring(client.get(url + "&all=").content)
    return len(document.cssselect("#result_list .action-select"))


def test_every_rule_has_its_count_and_links_to_a_list_of_that_length(admin_client):
    for wrong, right in CASES.values():
        for maker in (wrong, *right):
            maker()
    rules = rule_counts(admin_client)
    assert rules.keys() == {(rule.kind, rule.name) for rule in RULES}
    for rule in RULES:
        number, link = rules[rule.kind, rule.name]
        assert number == rule.violations().count() > 0
        assert list_length(admin_client, link) == number < rule.model.objects.count() + (rule in COMPLETENESS)


def test_an_unknown_rule_finds_nothing_in_any_list(admin_client):
    make.episode(), make.person()
    for model in {rule.model for rule in RULES}:
        assert list_length(admin_client, f"{admin_url(model)}?quality=nonsense") == 0
    assert "quality" not in admin_client.get(admin_url(type(make.genre()))).content.decode()


def test_a_filtered_list_can_be_narrowed_further(admin_client):
    for date in ("2019", "2020"):
        make.episode(air_date=date)
    assert list_length(admin_client, f"{admin_url(Episode)}?quality=without-synopsis&air_date_year=2019") == 1
    assert list_length(admin_client, f"{admin_url(Episode)}?quality=without-synopsis&q=nothing-of-that-name") == 0


def test_decisions_are_sorted_by_count_and_left_out_at_zero(admin_client):
    assert (
        dashboard(admin_client).cssselect("[aria-labelledby=admin-decisions] p")[-1].text_content()
        == "Nothing needs a decision."
    )
    for number in range(3):
        make.picture(licence="", alt_text="" if number else "A picture")
    assert [text.split()[0] for text, _ in panel(admin_client, "decisions")] == ["3", "2"]
    assert len(panel(admin_client, "decisions")) < len(DECISIONS)


def test_a_bar_is_full_only_if_nothing_is_missing(admin_client):
    def widths():
        line = dashboard(admin_client).cssselect('[data-rule="episode/without-synopsis"]')[0]
        return line.cssselect("rect")[1].get("width"), line.cssselect("span")[-1].text_content()

    season = make.season()
    Episode.objects.bulk_create(Episode(season=season, number=number, synopsis="Told.") for number in range(1, 2001))
    episode = make.episode(season, 2001)
    assert widths() == ("99.9%", "2000 of 2001")
    episode.synopsis = "Told."
    episode.save()
    assert widths() == ("100.0%", "2001 of 2001")


def test_counts_follow_an_edit_at_once(admin_client):
    episode = make.episode()
    assert rule_counts(admin_client)["episode", "without-synopsis"][0] == 1
    assert was_saved(submit_form(admin_client, change_url(episode), synopsis="They meet."))
    assert rule_counts(admin_client)["episode", "without-synopsis"][0] == 0


def test_recent_edits_are_one_line_each_with_user_record_and_number_of_changes(admin_client, editor):
    people = [make.person(f"Somebody {number}") for number in range(12)]
    source = make.source()
    for person in people[:9]:
        with record_edit(editor, "The paper says so"):
            person.born = "1970"
            person.save()
            for field in ("name", "born"):
                Citation.objects.create(source=source, person=person, field=field)
    with record_edit(editor, "Nobody knows them", Edit.Kind.DELETE):
        people[11].delete()
    entries = panel(admin_client, "edits")
    assert len(entries) == 8
    assert entries[0][0].endswith("editor · deleted Somebody 11 “Nobody knows them”")
    assert entries[1][0].endswith("editor · edited Somebody 8 · 3 changes “The paper says so”")
    assert entries[1][1] == admin_url(Edit, "change", Edit.objects.order_by("-pk")[1].pk)


def test_the_change_log_names_fields_by_their_labels(admin_client):
    episode = make.episode()
    episode.overall_number, episode.air_date, episode.published_at = 7, "2019", None
    episode.save()
    text = admin_client.get(admin_url(Change)).content.decode()
    assert "overall number" in text
    assert "overall_number" not in text
    assert "published_at" not in text.partition('id="result_list"')[2]


def test_lists_are_filtered_by_records_that_an_autocomplete_finds(admin_client):
    first, second = make.season(number=1), make.season(number=2)
    for season in (first, second, second):
        make.credit(make.episode(season), role_slug="writer")
    director = make.credit(make.episode(first), role_slug="director")
    for model, query, total in (
        (Episode, f"season__series__id__exact={second.series_id}", 2),
        (Episode, f"season__id__exact={first.pk}&season__series__id__exact={first.series_id}", 2),
        (Episode, "season__id__exact=x", 0),
        (Episode, f"season__id__exact={10**17}", 0),
        (Person, f"role={director.role_id}", 1),
        (Person, f"role={director.role_id}&q=nobody", 0),
        (Person, "role=", 4),
    ):
        assert list_length(admin_client, f"{admin_url(model)}?{query}") == total, query
    page = admin_client.get(f"{admin_url(Person)}?role={director.role_id}&o=1").content.decode()
    assert f'<option value="{director.role_id}" selected>{director.role}</option>' in page
    assert '<input type="hidden" name="o" value="1">' in page


def test_people_are_filtered_by_frequent_roles_too(admin_client, monkeypatch):
    series = make.series()
    director, writer = (make.credit(series, role_slug=slug) for slug in ("director", "writer"))
    for _ in range(2):
        make.credit(make.series(), director.person, "director")
    for frequent in (0, 1, 2, 3):
        monkeypatch.setattr(person_admin, "FREQUENT_ROLE", frequent)
        assert list_length(admin_client, f"{admin_url(Person)}?role={director.role_id}") == 1
        assert list_length(admin_client, f"{admin_url(Person)}?role={writer.role_id}&q=nobody") == 0


def test_scheduled_records_of_all_models_are_sorted_by_time(admin_client):
    now = timezone.now()
    make.episode(published_at=now)
    later, soon = make.person(published_at=now + timedelta(days=9)), make.series(published_at=now + timedelta(days=1))
    episode = make.episode(make.season(soon, published_at=None), published_at=now + timedelta(days=5))
    assert [link for _, link in panel(admin_client, "next")] == [
        change_url(soon),
        change_url(episode),
        change_url(later),
    ]


def log_change(user, record):
    """Log that the user changed a record in the admin."""
    kind = ContentType.objects.get_for_model(record)
    LogEntry.objects.create(user=user, content_type=kind, object_id=record.pk, object_repr="It", action_flag=CHANGE)


def test_your_drafts_are_the_unpublished_records_that_you_edited(admin_client, editor):
    for name in ("Mine", "Published Since"):
        assert was_saved(submit_form(admin_client, admin_url(Person, "add"), name=name))
    other_draft = make.person("Of somebody else", published_at=None)
    log_change(User.objects.create_user("other"), other_draft)
    log_change(editor, make.company(published_at=None, name="Mine Too"))
    published = Person.objects.get(name="Published Since")
    published.published_at = timezone.now()
    published.save()
    assert [text for text, _ in panel(admin_client, "drafts")] == ["Person Mine", "Company Mine Too"]


def test_a_user_who_may_view_one_model_sees_only_that_model(client, db):
    user = User.objects.create_user("reader", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_episode"))
    client.force_login(user)
    make.picture(licence="")
    make.person(published_at=timezone.now() + timedelta(days=1))
    make.episode()
    assert {kind for kind, _ in rule_counts(client)} == {"episode"}
    assert panel(client, "next") == panel(client, "edits") == panel(client, "decisions") == []
    assert not dashboard(client).cssselect(".admin-add-links")


def grow(rows, user):
    """Create ``rows`` records of everything that the page shows."""
    with make.deferred_indexing():
        for _ in range(rows):
            for wrong, right in CASES.values():
                for maker in (wrong, *right):
                    maker()
            for maker in (make.episode, make.season, make.series, make.person, make.company):
                maker(published_at=timezone.now() + timedelta(days=1))
                log_change(user, maker(published_at=None))


def query_count(client, is_cached):
    """The number of queries of the page, with or without cached counts."""
    client.get(INDEX)
    if not is_cached:
        cache.clear()
    with CaptureQueriesContext(connection) as queries:
        client.get(INDEX)
    return len(queries)


def test_the_number_of_queries_does_not_grow_with_the_catalogue(admin_client, editor):
    grow(1, editor)
    before = {is_cached: query_count(admin_client, is_cached) for is_cached in (True, False)}
    grow(10, editor)
    assert {is_cached: query_count(admin_client, is_cached) for is_cached in (True, False)} == before
    assert Change.objects.count() > 500


def test_numbers_out_of_date_say_when_they_were_counted(admin_client, monkeypatch):
    monkeypatch.setattr(count_cache, "start_in_background", lambda requests: None)
    monkeypatch.setattr(count_cache, "SLOW_MS", -1)
    cache.clear()
    make.episode()
    assert "Counted at" not in dashboard(admin_client).text_content()
    make.episode()
    text = dashboard(admin_client).text_content()
    assert "Counted at" in text
    assert "0 of 1" in text
    cache.clear()
    monkeypatch.setattr(count_cache, "TIME_LIMIT_MS", -1)
    lines = panel(admin_client, "completeness")
    assert all(text.endswith("being counted") for text, _ in lines)
    assert panel(admin_client, "decisions") == []
    decisions = dashboard(admin_client).cssselect("[aria-labelledby=admin-decisions]")[0].text_content()
    assert "Records are being counted" in decisions
    assert "Nothing needs a decision" not in decisions
