"""Who may use the tools: contributors on drafts only, readers not at all, no other site on a user's behalf."""

import re

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import Permission, User
from django.test import Client

from catalog.models import Citation, Credit, Episode, Person, Season, Series
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url, change_url, form_errors, row_counts, submit_form, was_saved

TYPED = "typed_credits"


@pytest.fixture
def reader(db, client):
    """The client of a user who may view everything and change nothing."""
    user = User.objects.create_user("reader", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(user)
    return client


def tool_urls(episode):
    """The URLs of all tools for an episode and its season."""
    for record, word in ((episode.season, "paste"), (episode, "cite"), (episode, "crew")):
        yield change_url(record).replace("/change/", f"/{word}/")


def run_action(client, action, record, **fields):
    """Run a changelist action for one record."""
    return client.post(admin_url(type(record)), {"action": action, ACTION_CHECKBOX_NAME: [record.pk]} | fields)


def test_contributors_reach_the_tools_of_drafts_only(contributor):
    public = make.episode()
    draft = make.episode(make.season(published_at=None), published_at=None)
    for url in tool_urls(draft):
        assert contributor.get(url).status_code == 200, url
    before = row_counts()
    for url in tool_urls(public):
        assert contributor.get(url).status_code == 403, url
        assert contributor.post(url, {"text": "1\tOne", "step": "save"}).status_code == 403, url
        assert url not in contributor.get(change_url(public)).content.decode()
    assert row_counts() == before


def test_pasted_episodes_of_contributors_are_drafts_and_published_episodes_stay_unchanged(contributor):
    season = make.season(make.series(published_at=None), published_at=None)
    public = make.episode(season, 1, title="Public", runtime=None)
    make.role("director")
    page = change_url(season).replace("/change/", "/paste/")
    text = "No\tTitle\tMinutes\tDirector\n1\tPublic\t45\t\n2\tNew\t46\tNew Body"
    preview = contributor.post(page, {"text": text, "step": "look"}).content.decode()
    assert "only users who may publish can change it" in preview
    data = {"text": text, "step": "save", "_fingerprint": re.search(r'name="_fingerprint" value="(\w+)"', preview)[1]}
    data |= {"who-newbody": "new"}
    assert contributor.post(page, data).status_code == 200
    assert contributor.post(page, data | {"out": "1"}).status_code == 302
    public.refresh_from_db()
    assert public.runtime is None
    assert Episode.objects.get(number=2).published_at is None
    assert Person.objects.get().published_at is None


def test_contributors_type_credits_of_drafts_only(contributor):
    make.role("director")
    public, draft = make.episode(), make.episode(published_at=None)
    assert f'name="{TYPED}"' not in contributor.get(change_url(public)).content.decode()
    assert contributor.post(change_url(public), {TYPED: "Director: New Body"}).status_code == 403
    typed = {TYPED: "Director: New Body", f"{TYPED}-who-newbody": "new"}
    assert was_saved(submit_form(contributor, change_url(draft), **typed))
    assert draft.credits.get().person.published_at is None
    assert not public.credits.exists()


def test_contributors_cite_for_drafts_only(contributor):
    source, public, draft = make.source(), make.person(), make.person(published_at=None)
    citation = {"facts_sent": "1", "source": source.pk, "facts": ["name"], "certainty": ""}
    assert run_action(contributor, "cite", public, **citation).status_code == 403
    assert run_action(contributor, "cite", draft, **citation).status_code == 302
    assert Citation.objects.get().person == draft


def test_contributors_copy_no_crew_to_published_episodes(contributor):
    season = make.season()
    draft, public = make.episode(season, 1, published_at=None), make.episode(season, 2)
    credit = make.credit(draft)
    crew = change_url(draft).replace("/change/", "/crew/")
    response = contributor.post(crew, {"episode": public.pk, "credits": [credit.pk]})
    assert any("only users who may publish" in error for error in form_errors(response))
    assert not public.credits.exists()


def test_contributors_set_no_role_on_published_records_and_publish_nothing(contributor):
    credit, role = make.credit(make.episode()), make.role("writer")
    assert run_action(contributor, "set_role", credit, role_sent="1", role=role.pk).status_code == 403
    for model, record in ((Series, make.series(published_at=None)), (Season, make.season(published_at=None))):
        assert 'value="publish_with_parts"' not in contributor.get(admin_url(model)).content.decode()
        run_action(contributor, "publish_with_parts", record, publish_sent="1")
        record.refresh_from_db()
        assert record.published_at is None
    assert Credit.objects.get().role.slug == "director"


def test_readers_have_no_tools(reader):
    episode = make.episode(published_at=None)
    for url in tool_urls(episode):
        assert reader.get(url).status_code == 403, url
    assert "/cite/" not in reader.get(change_url(episode)).content.decode()
    assert f'name="{TYPED}"' not in reader.get(change_url(episode)).content.decode()
    assert 'value="cite"' not in reader.get(admin_url(Episode)).content.decode()


def test_tools_reject_requests_of_other_sites_and_change_nothing_when_opened(editor):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    episode = make.episode()
    before = row_counts()
    for url in tool_urls(episode):
        assert client.get(url).status_code == 200
        assert client.post(url, {"text": "1\tOne", "step": "save"}).status_code == 403
    for action in ("cite", "publish_with_parts"):
        assert run_action(client, action, episode.season, publish_sent="1").status_code == 403
    assert row_counts() == before


def test_users_who_may_not_add_people_select_existing_ones(db, client):
    user = User.objects.create_user("one", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["change_episode", "add_credit", "change_credit", "publish"])
    )
    client.force_login(user)
    make.role("director")
    episode = make.episode()
    typed = {TYPED: "Director: New Body", f"{TYPED}-who-newbody": "new"}
    errors = form_errors(submit_form(client, change_url(episode), **typed))
    assert any("You may not add people" in error for error in errors)
    assert not Person.objects.exists()
