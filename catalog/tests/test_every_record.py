"""Rules for every model: constraints, form validation, natural keys, labels, ordering."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models, transaction

from catalog.models import CITABLE_MODELS, Change, Citation, Edit
from catalog.models.base import NaturalKey, with_label_relations
from catalog.models.change_recorder import is_recorded
from catalog.models.partial_date import PartialDateField
from catalog.tests.broken_records import BROKEN_RECORDS

MODELS = list(apps.get_app_config("catalog").get_models())
CONSTRAINTS = {constraint.name: (model, constraint) for model in MODELS for constraint in model._meta.constraints}


def test_every_constraint_has_a_broken_record():
    assert set(BROKEN_RECORDS) == set(CONSTRAINTS)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(CONSTRAINTS))
def test_form_and_database_reject_what_breaks_a_constraint(name):
    model, constraint = CONSTRAINTS[name]
    rows = BROKEN_RECORDS[name]()
    broken = rows.pop()
    assert type(broken) is model
    for row in rows:
        row.save()
    assert constraint.violation_error_message != constraint.default_violation_error_message
    with pytest.raises(ValidationError) as form_error:
        constraint.validate(model, broken)
    assert str(constraint.violation_error_message) in form_error.value.messages or "already exists" in str(
        form_error.value
    )
    with pytest.raises((IntegrityError, DataError)) as database_error, transaction.atomic():
        models.QuerySet(model).bulk_create([broken])
    # SQLite names the columns of a unique index, not the constraint; PostgreSQL's smallint ends at 32767.
    texts = name, "UNIQUE constraint failed", "smallint out of range"
    assert any(text in str(database_error.value) for text in texts)


@pytest.mark.django_db
def test_form_rejects_text_that_is_too_long():
    """SQLite stores any length, PostgreSQL does not."""
    for model in MODELS:
        for field in model._meta.fields:
            if isinstance(field, models.CharField) and not field.choices and field.max_length:
                with pytest.raises(ValidationError):
                    field.clean("x" * (field.max_length + 1), model())
                if not isinstance(field, PartialDateField) and not field.validators[1:] and field.name != "slug":
                    field.clean("x" * field.max_length, model())


@pytest.mark.django_db
def test_form_rejects_numbers_that_a_database_cannot_store():
    for model in MODELS:
        for field in model._meta.fields:
            if isinstance(field, models.PositiveSmallIntegerField | models.PositiveIntegerField):
                bits = 15 if isinstance(field, models.PositiveSmallIntegerField) else 31
                for value in (-1, 2**bits, 2**63, "ten"):
                    with pytest.raises(ValidationError):
                        field.clean(value, model())


def test_every_record_is_found_by_its_natural_key(soundtrack):
    for model in MODELS:
        if not is_recorded(model):
            continue
        for record in model._default_manager.all():
            assert model._default_manager.get_by_natural_key(*record.natural_key()) == record


def test_every_model_but_the_log_has_natural_fields():
    logged = filter(is_recorded, MODELS)
    assert [model for model in logged if not issubclass(model, NaturalKey)] == [Citation]


def test_unknown_natural_key_finds_nothing(soundtrack):
    for model in MODELS:
        if not is_recorded(model):
            continue
        key = list(model._default_manager.first().natural_key()) if model._default_manager.exists() else None
        if key and isinstance(key[0], str):
            with pytest.raises((model.DoesNotExist, ValidationError)):
                model._default_manager.get_by_natural_key("no-such-thing", *key[1:])


def test_every_citable_model_has_citations():
    for kind, model in CITABLE_MODELS.items():
        field = Citation._meta.get_field(kind)
        assert field.related_model is model
        assert field.remote_field.related_name == "citations"
        assert field.remote_field.on_delete is models.CASCADE


def test_every_record_has_a_label(soundtrack):
    for model in MODELS:
        for record in model._base_manager.all()[:20]:
            assert str(record).strip()
            assert "object (" not in str(record)


def test_labels_need_only_the_label_relations(soundtrack, django_assert_num_queries):
    for model in set(MODELS) - {Change, Edit}:
        with django_assert_num_queries(1):
            labels = [str(record) for record in with_label_relations(model._base_manager.all())]
        assert all(labels)


def test_every_ordering_ends_in_a_unique_field():
    """Otherwise the pages of a list may show a record twice and another one never."""
    unique_names = {"pk", "-pk", "slug", "name", "code", "file"}
    unique = {model: {field for c in model._meta.constraints for field in getattr(c, "fields", ())} for model in MODELS}
    for model in MODELS:
        last = model._meta.ordering[-1]
        assert last in unique_names or last.lstrip("-") in unique[model] or last == "-at", model
