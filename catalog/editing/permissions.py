"""Rules about drafts: users who may not publish work on drafts only. See also ``catalog/admin/permissions.py``.

The groups Contributor, Editor and Administrator are in ``fixtures/roles.json``.
"""

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Model

from catalog.models import Source
from catalog.models.base import Published, is_owner_key
from catalog.models.publication import visible_source_query

PUBLISH_PERMISSION = "catalog.publish"


def may_publish(user: User | AnonymousUser) -> bool:
    """True if the user may publish, and so may change records that visitors see."""
    return user.has_perm(PUBLISH_PERMISSION)


def may_change(user: User | AnonymousUser, record: Model) -> bool:
    """True if the user may change the record: users who may not publish change drafts only."""
    name = f"{record._meta.app_label}.change_{record._meta.model_name}"
    return user.has_perm(name) and (may_publish(user) or is_draft(record))


def owner_of(record: Model) -> Model | None:
    """The record that is deleted together with this one: a credit's episode, an alias's person. None if independent."""
    owners = [field for field in record._meta.fields if is_owner_key(field)]
    return next((getattr(record, field.name) for field in owners if getattr(record, field.attname) is not None), None)


def published_owner(record: Model) -> Model | None:
    """The record that visitors see and to which this one adds something; None if there is none.

    It is the owner, or the source whose reference this one is. Users who may not publish may not save the record then.
    """
    if isinstance(record, Published):
        return None
    owner = owner_of(record)
    if owner is not None and not is_draft(owner):
        return owner
    parent = record.part_of if isinstance(record, Source) else None
    return parent if parent and visible_source_query.first(slug=parent.slug) else None


def is_draft(record: Model | None) -> bool:
    """True if the record, or the record that it belongs to, has no publication time.

    A scheduled record is no draft. Sources, songs and pictures belong to nothing that is published: no drafts.
    """
    while record is not None and not isinstance(record, Published):
        record = owner_of(record)
    return record is not None and record.published_at is None
