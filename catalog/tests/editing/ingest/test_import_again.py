"""From what sources state to the records, and the same sources again."""

import pytest

from catalog.editing.ingest.compare import plan_import
from catalog.editing.ingest.plan import ImportAnswers
from catalog.editing.publishing import publish, publishable_parts
from catalog.history.revert import undo
from catalog.models import (
    Change,
    Edit,
    Episode,
    Series,
    record_edit,
)
from catalog.tests import factories as make
from catalog.tests.editing.ingest.plans import (
    WIKIPEDIA,
    stated_source,
    write_sources,
)
from catalog.tests.history import assert_indexes_current, catalogue_state

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roles")]


@pytest.fixture
def sources():
    """Two sources that name different directors of the episodes, and running times that differ."""
    return stated_source(), stated_source(WIKIPEDIA, director="Bo Ek", runtime=45)


@pytest.fixture
def imported(sources):
    """The series of both sources; of what differs, the first is taken."""
    import_plan, _, _ = write_sources(*sources)
    return Series.objects.get(pk=import_plan.series.pk)


def ticks_of(import_plan, *names):
    """The ticks by default, and those of what the first source states for facts of these names."""
    cells = [cell for fact in import_plan.facts() for cell in fact.cells if fact.name in names and cell.source == 0]
    return {cell.tick for cell in import_plan.cells() if cell.is_ticked} | {cell.tick for cell in cells}


def test_what_two_sources_agree_on_is_taken_and_the_rest_is_listed(imported):
    first = imported.seasons.get().episodes.get(number=1)
    assert (first.title, first.runtime, first.credits.count()) == ("Tide 1", None, 0)
    assert first.citations.filter(field="title").count() == 2
    assert imported.credits.get().person.name == "Cy Day"


def test_one_director_is_taken_and_the_other_stays_as_a_disputed_claim_on_the_page(sources, imported, client):
    with_ticks = plan_import(sources, imported, ImportAnswers(), publishes=True, may_add_people=True)
    _, result, _ = write_sources(*sources, series=imported, ticks=ticks_of(with_ticks, "director", "runtime"))
    episode = imported.seasons.get().episodes.get(number=1)
    assert [str(credit) for credit in episode.credits.all()] == ["Ann Lee, Director"]
    assert episode.runtime == 44
    assert result.disputed == 4
    publish(publishable_parts(Series, [imported.pk]))
    page = client.get(episode.get_absolute_url()).content.decode()
    assert "Bo Ek according to" in page
    assert page.count("Sources disagree") >= 1
    before = catalogue_state()
    _, result, edit = write_sources(*sources, series=imported)
    assert (edit, catalogue_state(), result.is_empty) == (None, before, True)


def test_the_same_import_again_changes_nothing(sources, imported):
    before, version = catalogue_state(), Change.objects.version()
    _, result, edit = write_sources(*sources, series=imported)
    assert (edit, Change.objects.version(), catalogue_state()) == (None, version, before)
    assert result.sentences()[0] == "Nothing had to be written."
    assert Edit.objects.count() == 1


@pytest.fixture
def corrected(imported):
    """An imported series of which an editor changed what the single source states."""
    episodes = {episode.number: episode for episode in imported.seasons.get().episodes.all()}
    with record_edit(reason="Corrected"):
        episodes[1].title = "Tidal"
        episodes[1].save()
        episodes[2].air_date = None
        episodes[2].save()
        credit = imported.credits.get()
        credit.person = make.person("Ed Fox")
        credit.save()
    return imported


def test_a_run_after_an_editors_correction_keeps_it_and_lists_it(sources, corrected):
    _, result, _ = write_sources(*sources, series=corrected)
    first, second = corrected.seasons.get().episodes.order_by("number")
    assert (first.title, second.air_date) == ("Tidal", None)
    assert [str(credit) for credit in corrected.credits.all()] == ["Ed Fox, Writer"]
    listed = " ".join([*result.differing, *result.unsure])
    assert "Tide 1 (TVmaze)" in listed
    assert "2019-10-01 (Wikipedia)" in listed
    assert "Cy Day (TVmaze)" in listed
    assert set(first.citations.filter(field="title").values_list("claim", flat=True)) == {"Tide 1"}
    before = catalogue_state()
    write_sources(*sources, series=corrected)
    assert catalogue_state() == before


def test_a_credit_that_an_editor_deleted_is_not_added_again(sources, imported):
    with record_edit(reason="He did not"):
        imported.credits.get().delete()
    _, result, edit = write_sources(*sources, series=imported)
    assert (edit, imported.credits.count()) == (None, 0)
    assert any("Cy Day" in fact for fact in result.unsure)  # nobody of the series is called so any more


def test_undo_of_a_second_import_restores_the_catalogue(sources, corrected):
    before = catalogue_state()
    more = stated_source(episodes=4), sources[1]
    _, _, edit = write_sources(*more, series=corrected)
    assert corrected.seasons.get().episodes.count() == 4
    with record_edit(kind=Edit.Kind.UNDO, undone=edit):
        undo(edit)
    assert catalogue_state() == before
    assert_indexes_current()


def test_who_may_not_publish_adds_drafts_to_a_published_series(sources, imported):
    publish(publishable_parts(Series, [imported.pk]))
    before = imported.seasons.get().episodes.get(number=1)
    more = stated_source(episodes=3), stated_source(WIKIPEDIA, episodes=3, director="Bo Ek", runtime=45)
    write_sources(*more, series=Series.objects.get(), publishes=False)
    third = Episode.objects.get(number=3)
    assert (third.title, third.published_at) == ("Tide 3", None)
    assert Episode.objects.get(number=1).citations.count() == before.citations.count()
