"""What must hold for every model, read off the models: constraints are the database's, keys and slugs lead back."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models, transaction

from catalog.models import CITABLE_MODELS, Change, Citation, Edit
from catalog.models.base import NaturalKey, with_label_relations
from catalog.models.partial_date import PartialDateField
from catalog.tests.broken_records import BROKEN

MODELS = list(apps.get_app_config("catalog").get_models())
CONSTRAINTS = {constraint.name: (model, constraint) for model in MODELS for constraint in model._meta.constraints}


def test_each_constraint_has_a_record_here_that_breaks_it():
    assert set(BROKEN) == set(CONSTRAINTS)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(CONSTRAINTS))
def test_a_form_says_in_words_what_breaks_a_constraint_and_the_database_refuses_it(name):
    model, constraint = CONSTRAINTS[name]
    rows = BROKEN[name]()
    broken = rows.pop()
    assert type(broken) is model
    for row in rows:
        row.save()
    assert constraint.violation_error_message != constraint.default_violation_error_message
    with pytest.raises(ValidationError) as told:
        constraint.validate(model, broken)
    assert str(constraint.violation_error_message) in told.value.messages or "already exists" in str(told.value)
    with pytest.raises((IntegrityError, DataError)) as refused, transaction.atomic():
        models.QuerySet(model).bulk_create([broken])
    # SQLite names the columns of a plain unique index, not the constraint; PostgreSQL's own type ends at 32767.
    assert any(said in str(refused.value) for said in (name, "UNIQUE constraint failed", "smallint out of range"))


@pytest.mark.django_db
def test_every_text_that_is_too_long_is_refused_by_its_form():
    """SQLite stores any length, PostgreSQL refuses it: the form is where both say no."""
    for model in MODELS:
        for field in model._meta.fields:
            if isinstance(field, models.CharField) and not field.choices and field.max_length:
                with pytest.raises(ValidationError):
                    field.clean("x" * (field.max_length + 1), model())
                if not isinstance(field, PartialDateField) and not field.validators[1:] and field.name != "slug":
                    field.clean("x" * field.max_length, model())


@pytest.mark.django_db
def test_every_number_is_refused_by_its_form_beyond_what_both_databases_hold():
    for model in MODELS:
        for field in model._meta.fields:
            if isinstance(field, models.PositiveSmallIntegerField | models.PositiveIntegerField):
                for wrong in (-1, 2**63, "ten"):
                    with pytest.raises(ValidationError):
                        field.clean(wrong, model())


def test_every_record_is_found_by_its_natural_key(soundtrack):
    for model in MODELS:
        if model in (Change, Edit):
            continue
        for record in model._default_manager.all():
            assert model._default_manager.get_by_natural_key(*record.natural_key()) == record


def test_every_model_but_the_log_has_a_natural_key():
    assert [model for model in MODELS if not issubclass(model, NaturalKey)] == [Citation, Edit, Change]


def test_a_natural_key_that_nobody_has_finds_nothing(soundtrack):
    for model in MODELS:
        if model in (Change, Edit):
            continue
        key = list(model._default_manager.first().natural_key()) if model._default_manager.exists() else None
        if key and isinstance(key[0], str):
            with pytest.raises((model.DoesNotExist, ValidationError)):
                model._default_manager.get_by_natural_key("no-such-thing", *key[1:])


def test_every_kind_of_record_that_can_be_cited_has_its_citations():
    for kind, model in CITABLE_MODELS.items():
        field = Citation._meta.get_field(kind)
        assert field.related_model is model
        assert field.remote_field.related_name == "citations"
        assert field.remote_field.on_delete is models.CASCADE


def test_every_record_says_what_it_is_in_words(soundtrack):
    for model in MODELS:
        for record in model._base_manager.all()[:20]:
            assert str(record).strip()
            assert "object (" not in str(record)


def test_labels_need_only_the_label_relations(soundtrack, django_assert_num_queries):
    for model in set(MODELS) - {Change, Edit}:
        with django_assert_num_queries(1):
            labels = [str(record) for record in with_label_relations(model._base_manager.all())]
        assert all(labels)


def test_every_ordering_ends_in_something_that_tells_two_records_apart():
    """Otherwise the pages of a list show a record twice and another not at all, as the database likes."""
    telling = {"pk", "-pk", "slug", "name", "code", "file"}
    unique = {model: {field for c in model._meta.constraints for field in getattr(c, "fields", ())} for model in MODELS}
    for model in MODELS:
        last = model._meta.ordering[-1]
        assert last in telling or last.lstrip("-") in unique[model] or last == "-at", model
