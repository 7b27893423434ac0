"""The review of an import: boxes and their buttons, the choices of all pages, questions, and Apply."""

import lxml.html
import pytest
from django.urls import reverse

from catalog.models import Change, Citation, Credit, Edit, Episode, Person, RememberedName, Series, SourceImport
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import row_counts
from catalog.tests.admin.source_import.review_page import ADD_URL, begin_import, sample_files, upload
from catalog.tests.admin.source_import.samples import TITLE, article

DIRECTOR = "s01e07 Lamp 7 director: {} ({})"
RENN, CASTELL = DIRECTOR.format("Tobias Renn", "Wikipedia"), DIRECTOR.format("Mira Castell", "TVmaze")
STATUS = "Lamplight Row status: ended (TVmaze)"
TABLE = "season,episode,title,director\n1,1,Tide,Ada Holt\n1,2,Fog,Ada Holt\n"


@pytest.fixture
def pages(admin_client, vocabulary):
    """The review of the samples, whose series is new."""
    return begin_import(admin_client, *sample_files())


def test_sources_stand_side_by_side_with_their_states_in_words(pages):
    pages.open(page="s01")
    record = pages.records()["s01e07"]
    assert pages.row(record, "Director") == ["Director all", "–", "Tobias Renn differs", "Mira Castell differs"]
    assert pages.row(record, "Title") == ["Title all", "–", "Lamp 7 new", "Lamp 7 new"]
    headers = [header.text.strip() for header in pages.document.cssselect("section.import-record")[1].cssselect("th")]
    assert headers[:4] == ["Fact", "Recorded", "Wikipedia", "TVmaze"]
    assert RENN not in pages.ticked()
    assert CASTELL not in pages.ticked()


def test_the_choices_of_all_pages_are_kept_and_nothing_is_written(pages):
    before = row_counts()
    pages.press("page:s01", untick=[STATUS])
    pages.press("page:series", tick=[CASTELL], _edit_summary="From two sources", notes_disputes=[])
    assert pages.address.endswith("?page=series")
    assert STATUS not in pages.ticked()
    assert (pages.form["_edit_summary"], "notes_disputes" in pages.form) == (["From two sources"], False)
    pages.press("page:s01")
    assert CASTELL in pages.ticked()
    assert row_counts() == before


def test_the_way_to_the_sources_keeps_the_choices(pages):
    pages.open(page="s01")
    (value,) = [box.get("value") for box in pages.document.cssselect("[name=take]") if pages.words(box) == CASTELL]
    form = pages.form
    response = pages.client.post(pages.address, form | {"do": "sources", "take": [*form["take"], value]})
    assert response["Location"] == reverse("admin:catalog_sourceimport_sources", args=[pages.pk])
    assert CASTELL in pages.open(page="s01").ticked()


def test_rows_columns_and_what_two_sources_agree_on_are_ticked_without_a_script(pages):
    pages.open(page="s01")
    pages.press("row:s01e07.director")
    assert pages.address.partition("#")[0].endswith("?page=s01")
    assert {RENN, CASTELL} <= set(pages.ticked())
    assert pages.document.get_element_by_id(pages.address.partition("#")[2]).find("h3").text.strip() == "s01e07 Lamp 7"
    pages.press("none")
    assert pages.ticked() == []
    pages.press("column:1:s01e07")
    assert {words.partition(" (")[2] for words in pages.ticked()} == {"TVmaze)"}
    assert CASTELL in pages.ticked()
    pages.press("none")
    pages.press("agreed")
    assert "s01e07 Lamp 7 title: Lamp 7 (Wikipedia)" in pages.ticked()
    assert "s01e07 Lamp 7 title: Lamp 7 (TVmaze)" in pages.ticked()
    assert not {RENN, CASTELL} & set(pages.ticked())
    assert not [words for words in pages.ticked() if "running time" in words]  # TVmaze alone states it
    pages.press("proposed")
    assert "s01e07 Lamp 7 running time: 42 (TVmaze)" in pages.ticked()


def test_all_of_a_source_is_ticked_on_all_pages(pages):
    pages.press("none")
    pages.press("column:1:")
    assert STATUS in pages.ticked()
    pages.press("page:s01")
    assert CASTELL in pages.ticked()
    assert {words.partition(" (")[2] for words in pages.ticked()} == {"TVmaze)"}


def test_only_what_differs_leaves_out_the_rest_but_not_its_ticks(pages):
    pages.press("view:open")
    pages.press("page:s01")
    assert set(pages.records()) == {"s01e05", "s01e07", "s01e20"}
    pages.press("save", tick=[RENN])
    pages.press("view:all")
    pages.press("page:s01")
    assert RENN in pages.ticked()
    assert "s01e07 Lamp 7 title: Lamp 7 (Wikipedia)" in pages.ticked()


def test_apply_writes_what_is_ticked_with_citations_and_disputes_as_one_edit(pages, editor):
    pages.open(page="s01")
    pages.press("apply", tick=[RENN], _edit_summary="Two sources")
    series = Series.objects.get()
    assert (series.title, series.is_published, Episode.objects.count()) == (TITLE, False, 22)
    assert pages.source_import.series == series
    edit = Edit.objects.get()
    assert (edit.kind, edit.user, edit.reason) == (Edit.Kind.SOURCE, editor, "Two sources")
    assert pages.source_import.edit == edit
    seventh = Episode.objects.get(number=7)
    director = seventh.credits.get(role__slug="director")
    assert director.person.name == "Tobias Renn"
    claims = Citation.objects.filter(credit=director).values_list("source__publisher", "claim")
    assert sorted(claims) == [("TVmaze", "Mira Castell"), ("Wikipedia", "")]
    (message,) = pages.messages()
    assert "22 episodes" in message
    assert reverse("admin:catalog_edit_change", args=[edit.pk]) in pages.text
    assert reverse("admin:catalog_series_change", args=[series.pk]) in pages.text


def test_the_same_import_again_changes_nothing(pages, admin_client):
    pages.press("apply")
    before = row_counts()
    pages.press("apply")
    assert pages.messages()[0].startswith("Nothing had to be written.")
    assert pages.source_import.edit == Edit.objects.get()
    again = begin_import(admin_client, *sample_files())
    again.press("apply")
    after = row_counts()
    assert after.pop(SourceImport) == before.pop(SourceImport) + 1
    through = SourceImport.files.through
    assert after | {through: 0} == before | {through: 0}
    assert again.source_import.edit is None


def test_a_page_that_is_out_of_date_is_shown_again_with_its_ticks(pages):
    pages.press("apply")
    later = pages.open(page="s01")
    stored = Episode.objects.get(number=8)
    stored.title = "Renamed"
    stored.save()
    before = Change.objects.count()
    later.press("apply", tick=[CASTELL], _edit_summary="Later")
    assert later.errors() == [
        "Something changed after this preview was made. Check the updated preview and confirm again."
    ]
    assert Change.objects.count() == before
    assert later.form["_edit_summary"] == ["Later"]
    assert later.row("s01e08 Renamed", "Title")[1] == "Renamed"
    assert CASTELL in later.ticked()
    later.press("apply")
    assert Credit.objects.get(episode__number=7, role__slug="director").person.name == "Mira Castell"
    assert Episode.objects.get(number=8).title == "Renamed"


def test_a_name_is_asked_once_and_its_credits_follow_the_answer(admin_client, vocabulary):
    for _ in range(2):
        make.person("Ada Holt")
    namesakes = list(Person.objects.order_by("pk"))
    pages = begin_import(admin_client, upload("Sea.csv", TABLE), series=make.series("Sea").pk)
    (question,) = pages.document.cssselect("fieldset.person-choice")
    assert question.find("legend").text == "Who is “Ada Holt”?"
    name = question.cssselect("input")[0].get("name")
    pages.press("page:s01")
    assert not [words for words in pages.ticked() if "director" in words]
    assert "1 name is not settled." in " ".join(pages.document.text_content().split())
    pages.press("page:series")
    pages.press("page:s01", **{name: str(namesakes[1].pk)})
    assert len([words for words in pages.ticked() if "director" in words]) == 2
    pages.press("apply")
    assert set(Credit.objects.values_list("person", flat=True)) == {namesakes[1].pk}
    assert RememberedName.objects.get().person == namesakes[1]


def test_what_has_no_place_is_listed_with_what_to_do(admin_client, vocabulary):
    text = article().replace("| creator = ", "| location = Cork\n| creator = ")
    pages = begin_import(admin_client, upload("Lamplight Row.wikitext", text))
    listed = [item.text_content() for item in pages.document.cssselect(".import-unmapped li")]
    assert any("location" in item for item in listed)
    assert reverse("admin:catalog_role_add") in pages.text


def test_a_source_without_a_publisher_is_named_after_its_file(admin_client, vocabulary):
    pages = begin_import(admin_client, upload("sea.csv", TABLE), series=make.series("Sea").pk)
    pages.open(page="s01")
    assert "s01e01 Tide title: Tide (sea.csv)" in pages.ticked()
    pages.press("apply")
    assert Edit.objects.get().reason == "Imported from sea.csv"


def test_an_import_that_is_not_there_leads_back_to_the_list(admin_client, db):
    response = admin_client.get(reverse("admin:catalog_sourceimport_change", args=[99]), follow=True)
    assert "This import was discarded, or is not yours." in response.content.decode()
    assert admin_client.get(reverse("admin:catalog_sourceimport_sources", args=[99])).status_code == 404


def test_hostile_values_are_ignored(pages):
    for button in ("", "row:x", "column:x:y", "column:99:", "column:²:", "page:none", "view:", "series"):
        pages.press(button, ticked_before="y\x00", _edit_summary="\x00", series="9" * 40, **{"who-x": "z" * 99})
    assert pages.source_import.series is None


def test_the_form_refuses_a_series_that_is_none(admin_client, db):
    for key in ("x", "9" * 40):
        assert admin_client.get(f"{ADD_URL}?series={key}").status_code == 200
        assert admin_client.post(ADD_URL, {"series": key, "text": TABLE}).status_code == 200


def test_the_message_says_first_what_was_written_and_where_to_undo_it(pages):
    pages.press("apply")
    (message,) = pages.messages()
    words = ("Added: ", "See what changed, or undo it.", "Open Lamplight Row.", "Left as it is recorded")
    positions = [message.index(text) for text in words]
    assert positions == sorted(positions)


def test_what_has_no_place_is_counted_in_the_message(admin_client, vocabulary):
    text = article().replace("| creator = ", "| location = Cork\n| creator = ")
    pages = begin_import(admin_client, upload("Lamplight Row.wikitext", text))
    pages.press("apply")
    assert pages.messages()[0].endswith("Without a place in the catalogue: 1, listed below.")
    assert "Cork" not in pages.messages()[0]


def test_an_undone_import_says_so_and_can_be_applied_again(pages):
    pages.press("apply")
    edit = pages.source_import.edit
    undo_url = reverse("admin:catalog_edit_undo", args=[edit.pk])
    token = lxml.html.fromstring(pages.client.get(undo_url).content).cssselect("form [name=_fingerprint]")
    pages.client.post(undo_url, {field.name: field.value for field in token})
    assert not Series.objects.exists()
    assert "it was undone since. Apply writes it again." in " ".join(pages.open().document.text_content().split())
    list_url = reverse("admin:catalog_sourceimport_changelist")
    assert "Undone" in pages.client.get(list_url).content.decode()
    pages.press("apply")
    assert Series.objects.get().title == TITLE
    assert "undone since" not in pages.text


def test_enter_in_a_field_saves_the_choices(pages):
    assert pages.document.cssselect("#review_form button")[0].get("value") == "save"


def test_a_season_of_which_nothing_is_stated_is_not_mentioned(admin_client, vocabulary):
    text = article().replace("=== Season 1 (2004–05) ===", "=== Season 2 ===\n=== Season 1 (2004–05) ===")
    pages = begin_import(admin_client, upload("Lamplight Row.wikitext", text))
    pages.press("apply")
    assert "Season 2" not in pages.messages()[0]
