"""Finds operations of migrations that break the former version while it is still running.

A new version is migrated while workers of the former one answer. They select and write the columns that they know.
"""

from django.db import migrations, models
from django.db.migrations.state import ProjectState

REMOVALS = (
    migrations.RemoveField,
    migrations.RenameField,
    migrations.DeleteModel,
    migrations.RenameModel,
    migrations.AlterModelTable,
)
RULES = (migrations.AddConstraint, migrations.AlterUniqueTogether)
OPAQUE = (migrations.RunSQL, migrations.SeparateDatabaseAndState)
REASON = "breaks_running_version"  # attribute of a migration that may: says why, and what to do about it


def breaking_operations(migration: migrations.Migration, state: ProjectState) -> list[str]:
    """Descriptions of the operations that break the former version; ``state`` is that before the migration."""
    state, new_models, found_operations = state.clone(), set(), []
    for operation in migration.operations:
        if isinstance(operation, migrations.CreateModel):
            new_models.add(operation.name_lower)
        elif model_of(operation) not in new_models and (problem := problem_of(operation, migration.app_label, state)):
            found_operations.append(f"{migration.app_label}.{migration.name}: {operation.describe()}: {problem}")
        operation.state_forwards(migration.app_label, state)
    return found_operations


def model_of(operation):
    """The name of the model that an operation changes, in small letters; None if it says none."""
    name = getattr(operation, "model_name", None) or getattr(operation, "name", None)
    return name.lower() if name else None


def problem_of(operation, app_label: str, state: ProjectState) -> str:
    """What the former version cannot do after the operation, "" if nothing."""
    if isinstance(operation, REMOVALS):
        return "it still reads and writes that"
    if isinstance(operation, RULES):
        return "it may save rows that break the rule"
    if isinstance(operation, OPAQUE):
        return "cannot be judged"
    if isinstance(operation, migrations.AddField) and is_required(operation.field):
        return "it inserts rows without the column: allow null or give db_default"
    if isinstance(operation, migrations.AlterField):
        before = state.models[app_label, operation.model_name_lower].fields[operation.name]
        return problem_of_alteration(before, operation.field)
    return ""


def is_required(field: models.Field) -> bool:
    """Whether rows cannot be inserted without the column."""
    return not (field.many_to_many or field.null or field.has_db_default() or getattr(field, "generated", False))


def problem_of_alteration(before: models.Field, after: models.Field) -> str:
    """What the former version cannot store any more."""
    if type(before) is not type(after):
        return "it reads and writes the former type"
    if not is_required(before) and is_required(after):
        return "it inserts rows without a value: give db_default"
    if before.max_length and after.max_length and after.max_length < before.max_length:
        return "it saves longer texts"
    if after.unique and not before.unique:
        return "it may save a value twice"
    return ""
