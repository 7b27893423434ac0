"""Citations of changed facts are not checked, by whatever way the facts are changed without a question."""

import pytest
from django.core import serializers

from catalog.editing.copy_credits import copy_credits
from catalog.editing.credits import set_role
from catalog.editing.episode_plan import PlanAnswers, plan_episodes
from catalog.history.merge_records import merge_records
from catalog.history.revert import revert_to_version, undo
from catalog.history.undelete import find_deletion, undelete
from catalog.models import Change, Citation, Edit, FeaturedCharacter, record_edit
from catalog.models.citation import CITABLE_MODELS, citable_fields
from catalog.models.citation_check import fact_names, mark_unchecked
from catalog.sources.episode_table import parse_episode_table
from catalog.tests import factories as make

pytestmark = pytest.mark.django_db


def cite(record, field="", **fields):
    """A citation of a record, by a source of its own."""
    kind = next(kind for kind, model in CITABLE_MODELS.items() if model is type(record))
    return Citation.objects.create(source=make.source(), field=field, **{kind: record}, **fields)


def unchecked_fields():
    """The fields of the citations that are not checked."""
    return sorted(Citation.objects.filter(unchecked=True).values_list("field", flat=True))


@pytest.fixture
def episode():
    """An episode with a cited title, a cited air date and a cited director."""
    episode = make.episode(make.season(make.series("Harbour")), title="Pilot", air_date="2019-12-18", runtime=45)
    for field in ("title", "air_date"):
        cite(episode, field)
    cite(make.credit(episode, "Ti West"))
    return episode


def change_title(episode, title="The Pilot", **options):
    with record_edit(**options) as edit:
        episode.title = title
        episode.save()
    return edit


def test_a_save_marks_the_citations_of_what_it_changed_in_the_same_edit(episode):
    edit = change_title(episode)
    assert unchecked_fields() == ["title"]
    assert list(edit.changes.order_by("pk").values_list("kind", "fields")) == [
        ("episode", ["title"]),
        ("citation", ["unchecked"]),
    ]


def test_what_the_catalogue_decides_itself_leaves_citations_checked(episode):
    credit = episode.credits.get()
    credit.billing, credit.team = 2, 1
    credit.save()
    episode.published_at = None
    episode.save()
    series = episode.series
    series.slug, series.sort_title = "quay", "quay"
    series.save()
    assert unchecked_fields() == []


def test_a_source_that_disputes_a_fact_still_does(episode):
    cite(episode, "title", claim="Piloto")
    change_title(episode)
    assert Citation.objects.get(claim="Piloto").unchecked is False


def test_a_list_of_companions_and_the_owner_of_a_row_are_facts(episode):
    drama = make.genre("Drama")
    event = make.event(episode.series, "Ordered")
    featured = FeaturedCharacter.objects.create(episode=episode, character=make.character(episode.series))
    for record, field in ((episode.series, "genres"), (event, ""), (featured, "")):
        cite(record, field)
    episode.series.genres.add(drama)
    event.people.add(make.person())
    featured.episode = make.episode(episode.season)
    featured.save()
    assert unchecked_fields() == ["", "", "genres"]


def test_a_set_role_action_marks_the_credits(episode):
    writer = make.role("writer")
    assert set_role(list(episode.credits.all()), writer) == {}
    assert unchecked_fields() == [""]


def test_copied_credits_have_no_citations(episode):
    copy_credits(episode.credits.all(), make.episode(episode.season))
    assert Citation.objects.count() == 3
    assert unchecked_fields() == []


def test_a_paste_marks_what_it_overwrites(vocabulary, episode):
    table = parse_episode_table("No\tTitle\tMinutes\n1\tThe Pilot\t45")
    answers = PlanAnswers(overwrites={"1-title"})
    plan = plan_episodes(episode.season, table, answers, publishes=True, may_add_people=True)
    with record_edit(kind=Edit.Kind.PASTE):
        plan.write()
    episode.refresh_from_db()
    assert episode.title == "The Pilot"
    assert unchecked_fields() == ["title"]


def test_a_fixture_brings_its_own_citations(episode):
    episode.title = "The Pilot"
    for item in serializers.deserialize("json", serializers.serialize("json", [episode])):
        item.save()
    episode.refresh_from_db()
    assert episode.title == "The Pilot"
    assert unchecked_fields() == []


def test_an_undo_restores_the_citations_and_marks_those_that_were_added_later(episode):
    edit = change_title(episode)
    cite(episode, "title", locator="second edition")
    with record_edit(kind=Edit.Kind.UNDO):
        undo(edit)
    assert list(Citation.objects.filter(unchecked=True).values_list("locator", flat=True)) == ["second edition"]


def test_a_reverted_version_has_the_citations_of_then(episode):
    version = Change.objects.version()
    change_title(episode)
    Citation.objects.update(unchecked=True)
    episode.credits.get().delete()
    with record_edit(kind=Edit.Kind.RESTORE):
        revert_to_version(episode, version)
    assert episode.credits.get().citations.count() == 1
    assert "title" not in unchecked_fields()


def test_a_single_reverted_field_marks_only_citations_that_were_not_there_then(episode):
    version = Change.objects.version()
    change_title(episode)
    with record_edit():
        citation = Citation.objects.get(field="title")
        citation.unchecked = False
        citation.save()
        cite(episode, "title", locator="second edition")
    with record_edit(kind=Edit.Kind.RESTORE):
        revert_to_version(episode, version, {"title"})
    assert episode.title == "Pilot"
    assert list(Citation.objects.filter(unchecked=True).values_list("locator", flat=True)) == ["second edition"]


def test_an_undelete_leaves_the_citations_as_they_were(episode):
    pk = episode.pk
    with record_edit(kind=Edit.Kind.DELETE):
        episode.delete()
    with record_edit(kind=Edit.Kind.RESTORE):
        undelete(find_deletion("episode", pk))
    assert Citation.objects.count() == 3
    assert unchecked_fields() == []


def merge(target, duplicate, *preferred):
    with record_edit(kind=Edit.Kind.MERGE, subject=f"person:{target.pk}") as edit:
        merge_records(target, duplicate, preferred)
    return edit


def test_a_merge_moves_credits_with_their_citations_checked(episode):
    duplicate, target = episode.credits.get().person, make.person("Ti West II")
    duplicate.biography = "Directs."
    duplicate.save()
    cite(duplicate, "biography")
    edit = merge(target, duplicate)
    assert unchecked_fields() == []
    with record_edit(kind=Edit.Kind.UNDO, undone=edit):
        undo(edit)
    assert unchecked_fields() == []


@pytest.mark.parametrize(("preferred", "dropped"), [((), "of the duplicate"), (("born",), "of the target")])
def test_where_merged_records_differ_the_citations_of_the_dropped_value_are_marked(preferred, dropped):
    target, duplicate = make.person("Ann Lee", born="1980"), make.person("Anne Lee", born="1981")
    cite(target, "born", locator="of the target")
    cite(duplicate, "born", locator="of the duplicate")
    merge(target, duplicate, *preferred)
    target.refresh_from_db()
    assert target.born == ("1981" if preferred else "1980")
    assert list(target.citations.filter(unchecked=True).values_list("locator", flat=True)) == [dropped]


def test_changes_of_many_records_take_one_query_for_their_citations(django_assert_num_queries):
    people = [make.person() for _ in range(3)]
    changes = [Change(action="changed", kind="person", record_id=person.pk, fields=["born"]) for person in people]
    with django_assert_num_queries(1):
        mark_unchecked(changes, "default")
    with django_assert_num_queries(0):
        mark_unchecked([Change(action="changed", kind="source", record_id=1, fields=["title"])], "default")


def test_citable_fields_are_facts_of_the_record_in_the_order_of_its_model():
    names = {kind: [name for name, _ in citable_fields(model)] for kind, model in CITABLE_MODELS.items()}
    assert names["person"] == ["name", "born", "died", "biography"]
    of_credit = ["person", "role", "character", "kind", "credited_as", "pilot_only", "for_some_episodes", "note"]
    assert names["credit"] == of_credit
    assert names["season"] == ["number", "title", "synopsis", "announced_episodes"]
    assert names["series"][0] == "title"
    assert names["series"][-4:] == ["genres", "countries", "languages", "seasons"]
    assert not {"slug", "published_at", "picture", "sort_title", "citations", "credits"} & set(names["series"])
    for model in CITABLE_MODELS.values():
        assert set(fact_names(model).values()) - {""} == dict(citable_fields(model)).keys() - {"seasons"}
