"""Credits for some episodes of a series or season, in forms and imported tables."""

import pytest

from catalog.formats.table_schema import TableSchema
from catalog.models import Credit
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import change_url, form_errors, read_form, submit_form, was_saved
from catalog.tests.admin.conflicts.editor_session import EditorSession
from catalog.tests.admin.test_quality_rules import refused
from catalog.tests.formats.test_record_import import run

ON_EPISODE = "A credit on an episode is for that episode: untick “for some episodes”."
PILOT_OR_SOME = "A credit is for the pilot only or for some episodes: untick one of the two."


@pytest.mark.parametrize("level", ["series", "season"])
def test_the_form_refuses_it_for_a_pilot_and_on_an_episode(admin_client, level):
    episode = make.episode()
    owner = getattr(episode, level)
    row = {"person": make.person().pk, "role": make.role("editor").pk, "for_some_episodes": "on"}
    assert refused(admin_client, change_url(owner), PILOT_OR_SOME, rows={"credits": [row | {"pilot_only": "on"}]})
    assert was_saved(submit_form(admin_client, change_url(owner), rows={"credits": [row]}))
    credit = owner.credits.get()
    assert credit.for_some_episodes
    assert refused(admin_client, change_url(owner), PILOT_OR_SOME, **{"credits-0-pilot_only": "on"})
    assert refused(admin_client, change_url(credit), PILOT_OR_SOME, pilot_only="on")
    fields = {level: "", "episode": episode.pk}
    assert refused(admin_client, change_url(credit), ON_EPISODE, **fields)
    assert was_saved(submit_form(admin_client, change_url(credit), **fields, for_some_episodes=[]))
    assert episode.credits.get() == credit
    assert "credits-0-for_some_episodes" not in read_form(admin_client, change_url(episode))


def test_two_editors_cannot_tick_both(admin_client):
    credit = make.credit(make.series())
    first, second = EditorSession.open_for_two(admin_client, admin_client, credit.series)
    assert first.fill_in_row("credits", credit.pk, pilot_only="on").send().saved
    assert not second.fill_in_row("credits", credit.pk, for_some_episodes="on").send().saved
    assert PILOT_OR_SOME in form_errors(second.response)
    credit.refresh_from_db()
    assert (credit.pilot_only, credit.for_some_episodes) == (True, False)


def test_an_imported_table_has_a_column_and_keeps_the_rules(db):
    episode = make.episode(make.season(make.series("Show")))
    make.person("Ann"), make.role("editor")
    row = {"person": "ann", "role": "editor", "series": "show", "season": "", "episode": "", "character": ""}
    assert TableSchema(Credit).column_names([*row, "For some episodes"])[-1] == "for_some_episodes"
    assert run(Credit, row | {"for_some_episodes": "yes"}).is_valid
    assert Credit.objects.get().for_some_episodes
    assert run(Credit, row).unchanged_count == 1
    on_episode = run(Credit, row | {"season": "1", "episode": "1", "for_some_episodes": "yes"})
    of_pilot = run(Credit, row | {"pilot_only": "yes"})
    messages = [message for result in (on_episode, of_pilot) for _, message in result.rows[0].errors]
    assert messages == [ON_EPISODE, PILOT_OR_SOME]
    assert not episode.credits.exists()
