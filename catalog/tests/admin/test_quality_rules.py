"""A violated rule is an error in the form, beside the row that violates it, and nothing is saved."""

import itertools
import re
from collections import Counter

import pytest
from django.contrib.messages import get_messages
from django.db import transaction

from catalog.admin import long_inlines
from catalog.admin.forms import RecordFormSet
from catalog.models import (
    Alias,
    AlternativeTitle,
    Citation,
    Credit,
    Cue,
    Episode,
    ExternalId,
    Person,
    Picture,
    Review,
    Role,
    Series,
    Song,
    Source,
)
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import (
    admin_url,
    change_url,
    form_errors,
    read_form,
    row_counts,
    submit_form,
    was_saved,
)

CREDITED = "This person has this role here already (with the same character, if any)."


def refused(client, url, expected, times=1, **kwargs):
    """True if a form is refused with the ``expected`` error, ``times`` times, and nothing is saved."""
    before = row_counts()
    response = submit_form(client, url, **kwargs)
    assert sum(expected in error for error in form_errors(response)) >= times, form_errors(response)
    assert row_counts() == before
    return True


@pytest.fixture
def on(db):
    """An episode with its season and series."""
    return make.episode()


def test_duplicate_credits_are_an_error_of_their_row(admin_client, on):
    person, role = make.person(), make.role()
    for owner in (on.series, on.season, on):
        existing = make.credit(owner)
        row = {"person": person.pk, "role": role.pk}
        played = row | {"character": make.character(on.series).pk}
        duplicate = {"person": existing.person_id, "role": existing.role_id}
        response = submit_form(admin_client, change_url(owner), rows={"credits": [row, played, row, played, duplicate]})
        assert form_errors(response) == [CREDITED] * 3, owner
        assert list(owner.credits.all()) == [existing], owner
        marks = re.findall(r'id="(credits-\d+)"|(row-form-errors)', response.content.decode())
        marked = [row for (_, error), (row, _) in itertools.pairwise(marks) if error]  # an error is above its row
        assert marked == ["credits-3", "credits-4", "credits-5"], owner


def test_a_credit_changed_into_a_duplicate_is_an_error(admin_client, on):
    credit, changed = make.credit(on), make.credit(on)
    assert refused(admin_client, change_url(on), CREDITED, **{"credits-1-person": credit.person_id})
    changed.refresh_from_db()
    assert changed.person_id != credit.person_id


def test_one_person_in_one_role_with_two_characters_is_saved(admin_client, on):
    row = {"person": make.person().pk, "role": make.role("cast").pk}
    rows = [row | {"character": make.character(on.series).pk} for _ in range(2)]
    assert was_saved(submit_form(admin_client, change_url(on), rows={"credits": [row, *rows]}))
    assert on.credits.count() == 3


def test_a_new_episode_is_refused_with_duplicate_credits(admin_client, on):
    row = {"person": make.person().pk, "role": make.role().pk}
    fields = {"season": on.season_id, "number": 2}
    assert refused(admin_client, admin_url(Episode, "add"), CREDITED, rows={"credits": [row, row]}, **fields)
    assert was_saved(submit_form(admin_client, admin_url(Episode, "add"), rows={"credits": [row]}, **fields))
    assert Credit.objects.get().episode.number == 2


def test_a_deleted_duplicate_is_no_error(admin_client, on):
    deleted, credit = make.credit(on), make.credit(on)
    assert was_saved(submit_form(admin_client, change_url(on), **{"credits-0-DELETE": "on"}))
    assert list(on.credits.all()) == [credit]
    assert deleted.person.credits.count() == 0


def test_unchanged_credits_are_saved_with_changed_ones(admin_client, on):
    existing = [make.credit(on) for _ in range(3)]
    assert was_saved(submit_form(admin_client, change_url(on), title="Another", **{"credits-1-note": "recast"}))
    assert Episode.objects.get().title == "Another"
    assert [credit.note for credit in on.credits.order_by("pk")] == ["", "recast", ""]
    assert len(existing) == 3


def rows_twice(on):
    """The inlines by the form's record: (prefix, row, part of the error)."""
    series, company = on.series, make.company()
    song, source = Song.objects.create(title="Song"), make.source()
    cited = {"source": source.pk, "locator": "Cast"}
    review = {"aggregator": "Metacritic", "kind": "critics", "score": 60, "scale": 100}
    title = ("titles", {"title": "X", "kind": "also"}, "this title already")
    return {
        make.person(): [("aliases", {"name": "X"}, "this alias already")],
        on: [
            title,
            ("cues", {"song": song.pk, "position": 1}, "listed here already"),
            ("features", {"character": make.character(series).pk, "position": 1}, "featured under"),
            ("external_ids", {"scheme": "imdb", "value": "tt0000001"}, "has this identifier"),
            ("citations", cited, "cited for this already"),
        ],
        series: [
            title,
            ("availability", {"platform": company.pk, "since": "2019"}, "entry from this day"),
            ("availability", {"platform": company.pk}, "entry from this day"),
            ("company_parts", {"company": company.pk, "part": "network", "position": 0}, "this role in the series"),
            ("cues", {"song": song.pk, "position": 1}, "listed here already"),
            ("reviews", review, "score of this aggregator"),
            ("seasons", {"number": 7}, "season of this number"),
            ("events", {"headline": "Trailer", "kind": "trailer", "position": 0}, "event with this slug"),
        ],
    }


def test_duplicate_rows_of_every_inline_are_form_errors(admin_client, on):
    """All inlines in one form: each duplicate has its error."""
    for record, kinds in rows_twice(on).items():
        once = {prefix: [row for kind, row, _ in kinds if kind == prefix] for prefix, _, _ in kinds}
        twice = {prefix: [row for row in rows for _ in range(2)] for prefix, rows in once.items()}
        words = Counter(word for _, _, word in kinds)
        for rows in (twice, once):  # the second time they exist already
            before = row_counts()
            messages = form_errors(submit_form(admin_client, change_url(record), rows=rows))
            counts = Counter(word for error in messages for word in words if word in error)
            assert counts >= words, (record, messages)
            assert row_counts() == before
            if rows is twice:
                assert was_saved(submit_form(admin_client, change_url(record), rows=once)), record


def test_two_characters_of_one_name_get_slugs_of_their_own(admin_client, on):
    rows = [{"name": "Sam"}, {"name": "Sam"}]
    assert was_saved(submit_form(admin_client, change_url(on.series), rows={"characters": rows}))
    assert sorted(on.series.characters.values_list("slug", flat=True)) == ["sam", "sam-2"]


def test_an_external_id_of_another_record_is_an_error(admin_client, on):
    ExternalId.objects.create(scheme="imdb", value="tt0000001", episode=make.episode())
    rows = {"external_ids": [{"scheme": "imdb", "value": "tt0000001"}]}
    assert refused(admin_client, change_url(on), "Another record has this identifier.", rows=rows)
    assert was_saved(submit_form(admin_client, change_url(on.series), rows=rows)), (
        "a number means another thing in each table of a catalogue"
    )


def test_an_invalid_date_is_an_error(admin_client, on):
    person, series, word = make.person(), change_url(on.series), "Enter a date"
    event, availability = {"headline": "A", "kind": "other", "position": 0}, {"platform": make.company().pk}
    for text in ("2018-13", "2018-02-30", "18", "٢٠١٨-03"):
        assert refused(admin_client, change_url(on), word, air_date=text)
        assert refused(admin_client, change_url(person), word, born=text)
        rows = {"availability": [availability | {"since": text}], "events": [event | {"date": text}]}
        assert refused(admin_client, series, word, times=3, rows=rows, premiered=text)


def test_partial_dates_are_saved(admin_client, on):
    for text in ("2018", "2018-03", "2018-03-15", ""):
        assert was_saved(submit_form(admin_client, change_url(on), air_date=text)), text
        assert (Episode.objects.get().air_date or "") == text


def test_rules_between_fields_are_form_errors(admin_client, on):
    assert refused(
        admin_client, change_url(make.person()), "Nobody dies before being born", born="1950-03", died="1949"
    )
    assert refused(admin_client, change_url(on), "comes after its first", number=5, last_number=5)
    assert refused(admin_client, change_url(on), "greater than or equal to 1", runtime=0)
    assert refused(admin_client, change_url(on), "less than or equal to 1440", runtime=1441)
    assert refused(admin_client, change_url(on), "less than or equal to 32767", last_number=32768)
    assert refused(admin_client, change_url(on), "less than or equal to 2147483647", overall_number=2**31)
    dates = {"premiered": "2019-12", "ended": "2019-11-30"}
    assert refused(admin_client, change_url(on.series), "cannot end before it begins", **dates)
    assert refused(admin_client, change_url(on.series), "less than or equal to 32767", announced_episodes=40000)
    assert refused(admin_client, change_url(on.series), "cannot be below the shortest", runtime_min=50, runtime_max=40)
    dates = {"platform": make.company().pk, "since": "2019-12", "until": "2018"}
    assert refused(admin_client, change_url(on.series), "cannot leave before it comes", rows={"availability": [dates]})
    review = {"aggregator": "Metacritic", "kind": "critics", "score": 120, "scale": 100}
    assert refused(admin_client, change_url(on), "between 0 and its scale", rows={"reviews": [review]})
    review |= {"score": 60, "average": 6}
    assert refused(admin_client, change_url(on), "must be given with it", rows={"reviews": [review]})
    assert refused(admin_client, admin_url(Song, "add"), "the title or the artist")
    assert refused(admin_client, admin_url(Source, "add"), "a title or a publisher")


def test_numbers_and_slugs_in_use_are_form_errors(admin_client, on):
    next_episode = make.episode(on.season)
    assert refused(admin_client, change_url(next_episode), "episode of this number", number=on.number)
    overlap = "covers one of these numbers already"
    assert refused(admin_client, change_url(on), overlap, last_number=next_episode.number)
    Episode.objects.filter(pk=next_episode.pk).update(last_number=next_episode.number + 2)
    new = {"season": on.season_id, "number": next_episode.number + 1}
    assert refused(admin_client, admin_url(Episode, "add"), overlap, **new)
    assert refused(admin_client, change_url(make.season(on.series, number=2)), "season of this number", number=1)
    assert refused(admin_client, admin_url(Person, "add"), "already exists", name="B", slug=make.person().slug)
    assert refused(admin_client, admin_url(Series, "add"), "already exists", title="B", slug=on.series.slug)


def test_a_second_record_of_a_name_gets_a_slug_of_its_own(admin_client, on):
    for _ in range(2):
        assert was_saved(submit_form(admin_client, admin_url(Person, "add"), name="Sam Smith"))
    assert list(Person.objects.order_by("pk").values_list("slug", flat=True)) == ["sam-smith", "sam-smith-2"]


def test_a_record_belongs_to_exactly_one_other(admin_client, on):
    person, character = make.person(), make.character(on.series)
    for model, fields in {
        Credit: {"person": person.pk, "role": make.role().pk},
        Alias: {"name": "X"},
        AlternativeTitle: {"title": "X", "kind": "also"},
        Review: {"aggregator": "Metacritic", "score": 1},
        Cue: {"song": Song.objects.create(title="Song").pk},
        ExternalId: {"scheme": "imdb", "value": "tt0000001"},
        Citation: {"source": make.source().pk},
    }.items():
        two = {"person": person.pk, "character": character.pk}
        two = two if model is Alias else {"series": on.series.pk, "episode": on.pk}
        for owners in ({}, two):
            assert refused(admin_client, admin_url(model, "add"), "Choose exactly one of", **fields | owners)


def test_synonyms_are_edited_one_per_line(admin_client, vocabulary):
    role = Role.objects.get(slug="director")
    assert was_saved(submit_form(admin_client, change_url(role), synonyms=" Directed by \r\n\r\nHelmed by"))
    role.refresh_from_db()
    assert role.synonyms == ["Directed by", "Helmed by"]
    assert refused(admin_client, change_url(role), "list of words", synonyms="Directed\x00 by")


def test_invisible_characters_are_not_saved(admin_client):
    page = admin_url(Source, "add")
    data = read_form(admin_client, page) | {
        "title": "\ufeffReview\u200b of the pilot\u00a0",
        "url": "https://example.com/re\u200bview\u200e",
    }
    assert was_saved(admin_client.post(page, data))
    source = Source.objects.get()
    assert (source.title, source.url) == ("Review of the pilot", "https://example.com/review")
    assert refused(admin_client, admin_url(Person, "add"), "cannot be blank", name="\u200b\u00a0")


def test_a_race_of_two_editors_is_answered_by_a_message(admin_client, on, monkeypatch):
    credit = make.credit(on)
    monkeypatch.setattr(Credit, "validate_constraints", lambda self, exclude=None: None)
    monkeypatch.setattr(RecordFormSet, "clean", lambda self: None)
    row = {"person": credit.person_id, "role": credit.role_id}
    before = row_counts()
    response = submit_form(admin_client, change_url(on), rows={"credits": [row]}, title="Another")
    assert response.status_code == 302
    assert response.headers["Location"] == change_url(on)
    assert "Nothing was saved" in str(list(get_messages(response.wsgi_request))[0])
    assert row_counts() == before
    assert Episode.objects.get().title != "Another"
    assert "Nothing was saved" in admin_client.get(change_url(on)).content.decode()


def test_a_citation_needs_a_field_of_its_record(admin_client, on):
    row = {"source": make.source().pk, "field": "air_date"}
    assert was_saved(submit_form(admin_client, change_url(on), rows={"citations": [row]}))
    assert Citation.objects.get().field == "air_date"
    assert refused(admin_client, change_url(on), "valid choice", rows={"citations": [row | {"field": "moon"}]})
    fields = row | {"person": make.person().pk, "field": "air_date"}
    assert refused(admin_client, admin_url(Citation, "add"), "no field of this name", **fields)


TAMPERED = [
    {"credits-TOTAL_FORMS": "x"},
    {"credits-TOTAL_FORMS": ""},
    {"credits-TOTAL_FORMS": "-5"},
    {"credits-TOTAL_FORMS": "0"},
    {"credits-INITIAL_FORMS": "3"},
    {"credits-INITIAL_FORMS": "99999999999999999999"},
    {"credits-0-id": "x"},
    {"credits-0-id": ""},
    {"credits-0-id": str(2**70)},
    {"credits-0-person": "x"},
    {"credits-0-person": str(2**70)},
    {"credits-0-person": "\x00"},
    {"credits-0-episode": "77"},
    {"season": "x"},
    {"season": str(2**70)},
    {"picture": "-1"},
]


def test_a_forged_form_saves_nothing(admin_client, on):
    make.credit(on)
    before = row_counts()
    for tampered in TAMPERED:
        with transaction.atomic():
            response = submit_form(admin_client, change_url(on), title="Another", **tampered)
            assert response.status_code in (200, 302), tampered
            if response.status_code == 200:
                assert row_counts() == before, tampered
                assert Episode.objects.get().title != "Another", tampered
            transaction.set_rollback(True)  # each begins with the form that was read


def test_a_row_of_another_record_cannot_be_changed_through_this_form(admin_client, on):
    make.credit(on)
    foreign = make.credit(make.episode(), note="mine")
    response = submit_form(admin_client, change_url(on), **{"credits-0-id": foreign.pk, "credits-0-note": "yours"})
    assert response.status_code == 200
    foreign.refresh_from_db()
    assert foreign.note == "mine"
    assert foreign.episode_id != on.pk


def test_rows_too_many_for_a_form_are_left_alone_and_linked_to(admin_client, on, monkeypatch):
    monkeypatch.setattr(long_inlines, "MAX_INLINE_ROWS", 2)
    for _ in range(3):
        make.credit(on)
    page = admin_client.get(change_url(on)).content.decode()
    assert "Credits are too many for this form" in page
    assert f'href="{admin_url(Credit)}?episode__id__exact={on.pk}"' in page
    assert "credits-TOTAL_FORMS" not in page
    assert was_saved(submit_form(admin_client, change_url(on), title="Another"))
    assert on.credits.count() == 3
    on.credits.first().delete()
    assert "credits-TOTAL_FORMS" in admin_client.get(change_url(on)).content.decode()


def test_the_texts_of_a_picture_can_be_changed_if_its_file_is_lost(admin_client, db):
    picture = Picture.objects.create(file="lost.png", alt_text="A", credit="B", licence="C", width=1, height=1)
    assert was_saved(submit_form(admin_client, change_url(picture), alt_text="Another"))
    picture = Picture.objects.get()
    assert (picture.alt_text, picture.file.name) == ("Another", "lost.png")


def test_a_form_has_the_rows_with_which_it_was_opened_whatever_is_added_or_deleted_meanwhile(
    admin_client, on, monkeypatch
):
    monkeypatch.setattr(long_inlines, "MAX_INLINE_ROWS", 2)
    credits = [make.credit(on) for _ in range(2)]
    data = read_form(admin_client, change_url(on))
    credits.append(make.credit(on))
    assert was_saved(admin_client.post(change_url(on), data | {"credits-0-note": "recast"}))
    assert [credit.note for credit in on.credits.order_by("pk")] == ["recast", "", ""]
    data = read_form(admin_client, change_url(on))
    assert "credits-TOTAL_FORMS" not in data
    credits[0].delete()
    assert was_saved(admin_client.post(change_url(on), data | {"title": "Another"}))
    assert (Episode.objects.get().title, on.credits.count()) == ("Another", 2)


def test_any_rows_can_be_too_many_and_their_list_shows_those_of_the_record(admin_client, on, monkeypatch):
    monkeypatch.setattr(long_inlines, "MAX_INLINE_ROWS", 0)
    person, series = make.person(), on.series
    for owner, row in (
        (person, person.aliases.create(name="Alias")),
        (on, on.titles.create(title="Title", kind="also")),
        (series, series.availability.create(platform=make.company())),
        (series, make.series_company(series)),
        (on, on.reviews.create(aggregator="Critics", score=50)),
        (on, on.cues.create(song=Song.objects.create(title="Song"))),
        (series, on.season),
    ):
        page = admin_client.get(change_url(owner)).content.decode()
        url = f"{admin_url(type(row))}?{owner._meta.model_name}__id__exact={owner.pk}"
        assert f'href="{url}"' in page, row
        assert change_url(row) in admin_client.get(url).content.decode(), row
