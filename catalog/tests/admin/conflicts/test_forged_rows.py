"""Forged forms: rows of another record, records with links to published ones."""

import pytest
from django.utils import timezone

from catalog.models import Alias, Change, Credit, Person
from catalog.tests import factories as make
from catalog.tests.admin.conflicts.editor_session import EditorSession

pytestmark = pytest.mark.django_db


def forged(client, record, prefix, row, version):
    """Submit the form of ``record``, opened at ``version``, with ``row`` of another record in it; choose "mine"."""
    form = EditorSession.open(client, record)
    last = Change.objects.filter(kind=row._meta.model_name, record_id=row.pk).latest("pk")
    values = {"TOTAL_FORMS": "1", "INITIAL_FORMS": "1", "0-id": str(row.pk), "0-billing": "7", "0-name": "Taken"}
    values |= {f"0-{name}": str(getattr(row, f"{name}_id", None) or "") for name in ("person", "role")}
    form.data |= {f"{prefix}-{name}": [value] for name, value in values.items()}
    form.fill_in(_read_at=version)
    return form.send(**{f"_choice-{row._meta.model_name}-{row.pk}-": f"mine:{last.pk}"})


@pytest.mark.parametrize("is_deleted", [False, True])
def test_a_contributor_cannot_draw_a_published_episodes_credit_into_a_draft(contributor, is_deleted):
    draft, credit = make.episode(published_at=None), make.credit(make.episode())
    version = Change.objects.version()
    credit.note = "as an editor has it"
    credit.save()
    pk, episode = credit.pk, credit.episode
    if is_deleted:
        credit.delete()
        credit.pk = pk
    forged(contributor, draft, "credits", credit, version)
    assert list(Credit.objects.values_list("episode", "note")) == (
        [] if is_deleted else [(episode.pk, "as an editor has it")]
    )


def test_an_editor_cannot_move_another_persons_alias_by_its_key(admin_client):
    person, alias = make.person(), Alias.objects.create(person=make.person(name="Other"), name="First")
    version = Change.objects.version()
    alias.name = "Second"
    alias.save()
    forged(admin_client, person, "aliases", alias, version)
    assert list(Alias.objects.values_list("person", "name")) == [(alias.person_id, "Second")]


@pytest.mark.parametrize("published_at", [None, timezone.now()])
def test_a_contributor_takes_a_row_back_from_a_draft_to_which_it_was_moved_but_not_from_what_is_published(
    contributor, published_at
):
    draft, other_episode = make.episode(published_at=None), make.episode(published_at=published_at)
    credit = make.credit(draft)
    form = EditorSession.open(contributor, draft).fill_in_row("credits", credit.pk, billing=7)
    credit.episode = other_episode
    credit.save()
    form.send()
    last = Change.objects.filter(kind="credit", record_id=credit.pk).latest("pk")
    if form.conflicts:
        form.send(**{f"_choice-credit-{credit.pk}-": f"mine:{last.pk}"})
    assert form.saved
    assert Credit.objects.get().episode == (other_episode if published_at else draft)


@pytest.mark.parametrize("has_m2m", [False, True])
def test_a_contributor_brings_a_draft_back_unless_that_would_change_what_is_published(contributor, has_m2m):
    person, event = make.person(published_at=None), make.event(make.series())
    if has_m2m:
        event.people.add(person)
    form, pk = EditorSession.open(contributor, person), person.pk
    person.delete()
    deletion = Change.objects.filter(kind="person", record_id=pk).latest("pk")
    form.send(_undelete=deletion.pk)
    assert Person.objects.filter(pk=pk).exists() is not has_m2m
    assert not event.people.exists()
