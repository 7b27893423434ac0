"""Writing the plan of an import: records, values, rows and what refuses it."""

import pytest

from catalog.editing.ingest.plan import FactKind, State
from catalog.editing.ingest.write import STALE
from catalog.history.revert import undo
from catalog.history.write_rows import ChangeRefused
from catalog.models import (
    Change,
    Citation,
    Edit,
    Episode,
    ExternalId,
    Language,
    Person,
    Season,
    Series,
    Source,
    SourceFile,
    SourceImport,
    record_edit,
)
from catalog.partial_date import PartialDate
from catalog.sources.series_claims import SourceFacts
from catalog.tests import factories as make
from catalog.tests.editing.ingest.plans import (
    TVMAZE,
    WIKIPEDIA,
    cell,
    claim,
    fact,
    import_source,
    plan,
    planned,
    role,
    value,
    write,
)
from catalog.tests.history import assert_indexes_current, catalogue_state

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roles")]


def new_series_plan(**values):
    """A series with a season and two episodes, by two sources."""
    series = Series()
    season = Season(series=series, number=1)
    first, second = (Episode(season=season, number=number) for number in (1, 2))
    records = [
        planned(
            series,
            value("title", cell("Harbour", 0), cell("Harbour", 1)),
            value("premiered", cell(PartialDate("2019-10"), 1, locator="infobox")),
            role("writer", cell(claim("Ann Lee", "writer"), 1)),
            fact(FactKind.EXTERNAL_ID, "tvmaze", cell("1")),
        ),
        planned(season, fact(FactKind.EXTERNAL_ID, "tvmaze", cell("11"))),
        planned(first, value("title", cell("Tide", 0, locator="episode 1")), role("director", cell(claim("Ann Lee")))),
        planned(second, value("runtime", cell(44, 0)), role("director", cell(claim("Bo Ek", note="uncredited")))),
    ]
    sources = [import_source(TVMAZE, "tvmaze", b"{}"), import_source(WIKIPEDIA, "wikipedia", b"text")]
    return plan(series, *records, sources=sources, **values)


def test_a_new_series_is_written_as_drafts_and_cited():
    result, edit = write(new_series_plan())
    series = Series.objects.get()
    assert (series.title, series.slug, series.premiered, series.published_at) == ("Harbour", "harbour", "2019-10", None)
    first, second = Episode.objects.order_by("number")
    assert (first.title, first.published_at, second.title, second.runtime) == ("Tide", None, "", 44)
    assert [str(credit) for credit in first.credits.all()] == ["Ann Lee, Director"]
    assert series.credits.get().person == first.credits.get().person
    assert (second.credits.get().note, second.credits.get().billing) == ("uncredited", 1)
    assert Person.objects.filter(published_at=None).count() == 2
    assert sorted(str(row) for row in ExternalId.objects.all()) == ["TVmaze 1", "TVmaze 11"]
    cited = {
        (citation.source.publisher, citation.target_kind, citation.field, citation.locator)
        for citation in Citation.objects.all()
    }
    assert cited == {
        ("TVmaze", "series", "title", ""),
        ("Wikipedia", "series", "title", ""),
        ("Wikipedia", "series", "premiered", "infobox"),
        ("Wikipedia", "credit", "", ""),
        ("TVmaze", "external_id", "", ""),
        ("TVmaze", "episode", "title", "episode 1"),
        ("TVmaze", "episode", "runtime", ""),
        ("TVmaze", "credit", "", ""),
    }
    assert set(Change.objects.exclude(edit=edit).values_list("kind", flat=True)) <= {"role", "department"}
    assert result.sentences() == [
        "Added: 1 series, 1 season, 2 episodes, 2 people, 3 credits, 2 external ids, 2 sources.",
        "10 facts cited.",
    ]
    assert_indexes_current()


def test_the_record_of_a_source_says_where_it_comes_from_and_has_its_files():
    write(new_series_plan())
    wikipedia = Source.objects.get(publisher="Wikipedia")
    assert (wikipedia.title, wikipedia.url, wikipedia.licence, wikipedia.revision, wikipedia.kind) == (
        "Harbour (TV series)",
        "https://en.wikipedia.org/wiki/Harbour",
        "CC BY-SA 4.0",
        "7",
        "encyclopedia",
    )
    assert (wikipedia.accessed, Source.objects.get(publisher="TVmaze").kind) == ("2026-11-20", "database")
    assert [file.content for file in wikipedia.files.all()] == [b"text"]
    assert SourceFile.objects.count() == 2


@pytest.mark.parametrize("state", [{}, {"publishes": False}])
def test_undo_restores_the_catalogue(state):
    import_plan, before = new_series_plan(**state), catalogue_state()
    _, edit = write(import_plan)
    with record_edit(kind=Edit.Kind.UNDO, undone=edit):
        undo(edit)
    assert catalogue_state() == before
    assert_indexes_current()


def test_undo_leaves_the_row_of_the_import_for_a_new_series():
    import_plan = new_series_plan()
    row = SourceImport.objects.create()
    _, edit = write(import_plan)
    row.series, row.edit = import_plan.series, edit
    row.save()
    with record_edit(kind=Edit.Kind.UNDO, undone=edit):
        undo(edit)
    row.refresh_from_db()
    assert row.series is None


def test_undo_restores_an_existing_series():
    import_plan, episode = existing_episode_plan()
    before = catalogue_state()
    _, edit = write(import_plan)
    assert catalogue_state() != before
    with record_edit(kind=Edit.Kind.UNDO, undone=edit):
        undo(edit)
    assert catalogue_state() == before


def existing_episode_plan():
    """Values and credits of an episode that has a title and a director."""
    episode = make.episode(title="Tide", runtime=40)
    make.credit(episode, "Ann Lee", billing=1)
    source = make.source("Notes")
    Citation.objects.create(source=source, episode=episode, field="runtime")
    import_plan = plan(
        episode.series,
        planned(episode.series, fact(FactKind.LINK, "languages", cell(make_language(), key="en"), is_list=True)),
        planned(episode.season),
        planned(
            episode,
            value("title", cell("Tide", 0, State.SAME)),
            value("runtime", cell(44, 0, State.DIFFERS, is_ticked=True)),
            role("director", cell(claim("Bo Ek"), 0, State.DIFFERS, is_ticked=True)),
        ),
    )
    return import_plan, episode


def make_language():
    return Language.objects.get_or_create(code="en", defaults={"name": "English"})[0]


def test_an_existing_value_is_replaced_if_ticked_and_its_citation_is_not_checked_any_more():
    import_plan, episode = existing_episode_plan()
    result, _ = write(import_plan)
    episode.refresh_from_db()
    assert (episode.runtime, [credit.billing for credit in episode.credits.all()]) == (44, [1, 2])
    assert Citation.objects.get(source__title="Notes").unchecked
    assert set(episode.citations.filter(source__publisher="TVmaze").values_list("field", flat=True)) == {
        "title",
        "runtime",
    }
    assert result.changed == ["S01E01, runtime", "Series, languages: English"]


def test_a_new_person_has_the_publication_of_the_record_that_credits_them():
    import_plan, _ = existing_episode_plan()
    write(import_plan)
    assert Person.objects.get(name="Bo Ek").is_published
    import_plan, _ = existing_episode_plan()
    import_plan.publishes = False
    import_plan.people["boek"].name = "Cy Day"
    write(import_plan)
    assert Person.objects.get(name="Cy Day").published_at is None


def test_what_is_published_is_left_if_the_user_may_not_publish():
    import_plan, episode = existing_episode_plan()
    import_plan.publishes = False
    for record in import_plan.records:
        record.may_change = False
    before = catalogue_state()
    result, edit = write(import_plan)
    assert (catalogue_state(), edit) == (before, None)
    assert result.sentences() == [
        "Nothing had to be written.",
        "Left because it is published, which only users who may publish change: Series; S01E01.",
    ]


def test_nothing_to_write():
    series = make.series("Harbour")
    result, edit = write(plan(series, planned(series, value("title", cell("Harbour", 0, State.SAME, is_cited=True)))))
    assert (edit, Source.objects.count(), result.is_empty) == (None, 0, True)
    assert result.sentences() == ["Nothing had to be written."]


def test_a_source_without_publisher_and_title_is_named_after_its_file():
    series = make.series("Harbour")
    source = import_source(SourceFacts(""), "table", b"season")
    SourceFile.objects.update(file_name="harbour.csv")
    source.files[0].refresh_from_db()
    unsure = planned(series, value("premiered", cell("2019", 0, State.UNSURE)))
    result, _ = write(plan(series, unsure, sources=[source]))
    assert result.unsure == ["Series, premiered: 2019 (harbour.csv)"]


def test_nothing_to_write_of_a_new_series():
    series = Series()
    result, edit = write(plan(series, planned(series, value("title", cell("Harbour", is_ticked=False)))))
    assert (edit, Series.objects.count()) == (None, 0)
    assert result.sentences() == ["Nothing had to be written.", "Not added, because nothing of it is ticked: Series."]


def test_a_record_of_which_nothing_is_ticked_is_not_added():
    series = make.series("Harbour")
    season = Season(series=series, number=1)
    episode = Episode(season=season, number=1)
    title = value("title", cell("Tide", 0, State.UNSURE))
    result, edit = write(plan(series, planned(series), planned(season), planned(episode, title)))
    assert (edit, Season.objects.count()) == (None, 0)
    assert result.sentences() == [
        "Nothing had to be written.",
        "Left because it is not sure: S01E01, title: Tide (TVmaze).",
        "Not added, because nothing of it is ticked: Season 1; S01E01.",
    ]


def test_a_new_series_needs_a_title():
    series = Series()
    runtime = value("runtime_min", cell(20))
    with pytest.raises(ChangeRefused, match="has no title"), record_edit():
        write(plan(series, planned(series, runtime)))
    assert not Series.objects.exists()


def test_a_person_deleted_in_the_meantime_refuses_everything():
    import_plan, episode = existing_episode_plan()
    person = make.person()
    import_plan.people["boek"].answer = person.pk
    person.delete()
    before = catalogue_state()
    with pytest.raises(ChangeRefused) as refusal:
        write(import_plan)
    assert refusal.value.reasons == ["“Bo Ek” was deleted in the meantime: compare again."]
    assert (catalogue_state(), Edit.objects.count()) == (before, 0)


def test_an_episode_deleted_in_the_meantime_refuses_everything():
    import_plan, episode = existing_episode_plan()
    Episode.objects.get().delete()
    with pytest.raises(ChangeRefused, match="“S01E01” was deleted in the meantime"):
        write(import_plan)
    assert not Person.objects.filter(name="Bo Ek").exists()


def test_a_number_that_another_editor_took_refuses_everything():
    series = make.series()
    season = make.season(series)
    episode = Episode(season=season, number=1)
    import_plan = plan(
        series,
        planned(series, value("premiered", cell(PartialDate("2001")))),
        planned(season),
        planned(episode, value("title", cell("Tide")), role("director", cell(claim("Ann Lee")))),
    )
    make.episode(season, 1)
    before, version = catalogue_state(), Change.objects.version()
    with pytest.raises(ChangeRefused) as refusal, record_edit(kind=Edit.Kind.SOURCE):
        write(import_plan)
    assert refusal.value.reasons == [STALE]
    assert (catalogue_state(), Change.objects.version()) == (before, version)


def test_a_plan_with_errors_is_refused():
    series = make.series()
    with pytest.raises(ChangeRefused, match="Too many"):
        write(plan(series, planned(series), errors=["Too many names."]))
