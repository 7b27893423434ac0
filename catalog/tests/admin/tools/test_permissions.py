"""Who may use the quick tools: contributors on drafts only, readers not at all, nobody from another site."""

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
    """A client of somebody who may look at everything and change nothing."""
    user = User.objects.create_user("reader", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(user)
    return client


def tools(episode):
    """The addresses of the tools around an episode."""
    for record, word in ((episode.season, "paste"), (episode, "cite"), (episode, "crew")):
        yield change_url(record).replace("/change/", f"/{word}/")


def act(client, action, record, **fields):
    """An action of a list, for one record."""
    return client.post(admin_url(type(record)), {"action": action, ACTION_CHECKBOX_NAME: [record.pk]} | fields)


def test_a_contributor_reaches_the_tools_of_drafts_and_not_those_of_what_is_published(contributor):
    public = make.episode()
    draft = make.episode(make.season(published_at=None), published_at=None)
    for tool in tools(draft):
        assert contributor.get(tool).status_code == 200, tool
    before = row_counts()
    for tool in tools(public):
        assert contributor.get(tool).status_code == 403, tool
        assert contributor.post(tool, {"text": "1\tOne", "step": "save"}).status_code == 403, tool
        assert tool not in contributor.get(change_url(public)).content.decode()
    assert row_counts() == before


def test_what_a_contributor_pastes_are_drafts_and_a_published_episode_stays_as_it_is(contributor):
    season = make.season(make.series(published_at=None), published_at=None)
    public = make.episode(season, 1, title="Public", runtime=None)
    make.role("director")
    page = change_url(season).replace("/change/", "/paste/")
    text = "No\tTitle\tMinutes\tDirector\n1\tPublic\t45\t\n2\tNew\t46\tNew Body"
    shown = contributor.post(page, {"text": text, "step": "look"}).content.decode()
    assert "only those who may publish can change it" in shown
    data = {"text": text, "step": "save", "mark": re.search(r'name="mark" value="(\w+)"', shown)[1]}
    data |= {"who-newbody": "new"}
    assert contributor.post(page, data).status_code == 200
    assert contributor.post(page, data | {"out": "1"}).status_code == 302
    public.refresh_from_db()
    assert public.runtime is None
    assert Episode.objects.get(number=2).published_at is None
    assert Person.objects.get().published_at is None


def test_a_contributor_types_credits_of_drafts_only(contributor):
    make.role("director")
    public, draft = make.episode(), make.episode(published_at=None)
    assert f'name="{TYPED}"' not in contributor.get(change_url(public)).content.decode()
    assert contributor.post(change_url(public), {TYPED: "Director: New Body"}).status_code == 403
    typed = {TYPED: "Director: New Body", f"{TYPED}-who-newbody": "new"}
    assert was_saved(submit_form(contributor, change_url(draft), **typed))
    assert draft.credits.get().person.published_at is None
    assert not public.credits.exists()


def test_a_contributor_cites_for_drafts_only(contributor):
    source, public, draft = make.source(), make.person(), make.person(published_at=None)
    cited = {"facts_sent": "1", "source": source.pk, "facts": ["name"], "certainty": ""}
    assert act(contributor, "cite", public, **cited).status_code == 403
    assert act(contributor, "cite", draft, **cited).status_code == 302
    assert Citation.objects.get().person == draft


def test_a_contributor_copies_no_crew_to_what_is_published(contributor):
    season = make.season()
    draft, public = make.episode(season, 1, published_at=None), make.episode(season, 2)
    credit = make.credit(draft)
    crew = change_url(draft).replace("/change/", "/crew/")
    response = contributor.post(crew, {"episode": public.pk, "credits": [credit.pk]})
    assert [told for told in form_errors(response) if "only those who may publish" in told]
    assert not public.credits.exists()


def test_a_contributor_sets_no_role_on_what_is_published_and_publishes_nothing(contributor):
    credit, role = make.credit(make.episode()), make.role("writer")
    assert act(contributor, "set_role", credit, role_sent="1", role=role.pk).status_code == 403
    for model, record in ((Series, make.series(published_at=None)), (Season, make.season(published_at=None))):
        assert 'value="publish_whole"' not in contributor.get(admin_url(model)).content.decode()
        act(contributor, "publish_whole", record, whole_sent="1")
        record.refresh_from_db()
        assert record.published_at is None
    assert Credit.objects.get().role.slug == "director"


def test_who_may_only_read_has_no_tool(reader):
    episode = make.episode(published_at=None)
    for tool in tools(episode):
        assert reader.get(tool).status_code == 403, tool
    assert "/cite/" not in reader.get(change_url(episode)).content.decode()
    assert f'name="{TYPED}"' not in reader.get(change_url(episode)).content.decode()
    assert 'value="cite"' not in reader.get(admin_url(Episode)).content.decode()


def test_no_tool_takes_what_another_site_sends_and_opening_one_changes_nothing(editor):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    episode = make.episode()
    before = row_counts()
    for tool in tools(episode):
        assert client.get(tool).status_code == 200
        assert client.post(tool, {"text": "1\tOne", "step": "save"}).status_code == 403
    for action in ("cite", "publish_whole"):
        assert act(client, action, episode.season, whole_sent="1").status_code == 403
    assert row_counts() == before


def test_who_may_not_add_people_chooses_among_those_there_are(db, client):
    user = User.objects.create_user("one", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["change_episode", "add_credit", "change_credit", "publish"])
    )
    client.force_login(user)
    make.role("director")
    episode = make.episode()
    typed = {TYPED: "Director: New Body", f"{TYPED}-who-newbody": "new"}
    assert [
        told
        for told in form_errors(submit_form(client, change_url(episode), **typed))
        if "You may not add people" in told
    ]
    assert not Person.objects.exists()
