"""A form by which somebody reaches for what is not theirs: another record's row, a record tied to what is published."""

import pytest
from django.utils import timezone

from catalog.models import Alias, Change, Credit, Person
from catalog.tests import factories as make
from catalog.tests.admin.conflicts.editor_session import EditorSession

pytestmark = pytest.mark.django_db


def forged(client, record, prefix, row, version):
    """The form of ``record``, read at ``version``, as if ``row`` were in it; “mine” is chosen in all there may be."""
    form = EditorSession.open(client, record)
    last = Change.objects.filter(kind=row._meta.model_name, record_id=row.pk).latest("pk")
    values = {"TOTAL_FORMS": "1", "INITIAL_FORMS": "1", "0-id": str(row.pk), "0-billing": "7", "0-name": "Taken"}
    values |= {f"0-{name}": str(getattr(row, f"{name}_id", None) or "") for name in ("person", "role")}
    form.data |= {f"{prefix}-{name}": [value] for name, value in values.items()}
    form.fill_in(_read_at=version)
    return form.send(**{f"_choice-{row._meta.model_name}-{row.pk}-": f"mine:{last.pk}"})


@pytest.mark.parametrize("is_gone", [False, True])
def test_a_contributor_cannot_draw_a_published_episodes_credit_into_a_draft(contributor, is_gone):
    draft, credit = make.episode(published_at=None), make.credit(make.episode())
    version = Change.objects.version()
    credit.note = "as an editor has it"
    credit.save()
    key, episode = credit.pk, credit.episode
    if is_gone:
        credit.delete()
        credit.pk = key
    forged(contributor, draft, "credits", credit, version)
    assert list(Credit.objects.values_list("episode", "note")) == (
        [] if is_gone else [(episode.pk, "as an editor has it")]
    )


def test_an_editor_cannot_move_another_persons_alias_by_its_key(admin_client):
    person, alias = make.person(), Alias.objects.create(person=make.person(name="Other"), name="First")
    version = Change.objects.version()
    alias.name = "Second"
    alias.save()
    forged(admin_client, person, "aliases", alias, version)
    assert list(Alias.objects.values_list("person", "name")) == [(alias.person_id, "Second")]


@pytest.mark.parametrize("moment", [None, timezone.now()])
def test_a_contributor_takes_a_row_back_from_a_draft_to_which_it_was_moved_but_not_from_what_is_published(
    contributor, moment
):
    draft, other = make.episode(published_at=None), make.episode(published_at=moment)
    credit = make.credit(draft)
    form = EditorSession.open(contributor, draft).fill_in_row("credits", credit.pk, billing=7)
    credit.episode = other
    credit.save()
    form.send()
    last = Change.objects.filter(kind="credit", record_id=credit.pk).latest("pk")
    if form.conflicts:
        form.send(**{f"_choice-credit-{credit.pk}-": f"mine:{last.pk}"})
    assert form.saved
    assert Credit.objects.get().episode == (other if moment else draft)


@pytest.mark.parametrize("is_tied", [False, True])
def test_a_contributor_brings_a_draft_back_unless_that_would_change_what_is_published(contributor, is_tied):
    person, event = make.person(published_at=None), make.event(make.series())
    if is_tied:
        event.people.add(person)
    form, key = EditorSession.open(contributor, person), person.pk
    person.delete()
    deletion = Change.objects.filter(kind="person", record_id=key).latest("pk")
    form.send(_undelete=deletion.pk)
    assert Person.objects.filter(pk=key).exists() is not is_tied
    assert not event.people.exists()
