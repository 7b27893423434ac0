"""Who may do what at the desk: without the right to publish, only drafts are worked on.

The groups Contributor, Editor and Administrator are in ``fixtures/roles.json``. A right of Django's says what may be
done with records of a kind; here it is narrowed to drafts for those who may not publish.
"""

from django.db.models import CASCADE

from catalog.models.base import Published

PUBLISH = "catalog.publish"


def may_publish(request):
    """Whether the user decides what visitors see."""
    return request.user.has_perm(PUBLISH)


def owner_of(record):
    """The record that this one goes with: of a credit its episode, of an alias the person. None for one by itself."""
    owners = [field for field in record._meta.fields if field.is_relation and field.remote_field.on_delete is CASCADE]
    return next((getattr(record, field.name) for field in owners if getattr(record, field.attname) is not None), None)


def is_draft(record):
    """Whether it was never approved for visitors, or belongs to what was not.

    What has a moment of publication, past or to come, was. Sources, songs and pictures are everybody's: no drafts.
    """
    while record is not None and not isinstance(record, Published):
        record = owner_of(record)
    return record is not None and record.published_at is None


class DraftsOnly:
    """Part of a desk: Django's rights, narrowed to drafts. ``obj`` is the record of the form, also for its rows."""

    def _is_open(self, request, obj):
        return obj is None or may_publish(request) or is_draft(obj)

    def has_change_permission(self, request, obj=None):
        """Whether the user may change it."""
        return super().has_change_permission(request, obj) and self._is_open(request, obj)

    def has_delete_permission(self, request, obj=None):
        """Whether the user may delete it."""
        return super().has_delete_permission(request, obj) and self._is_open(request, obj)

    def has_publish_permission(self, request):
        """Whether the user may publish: what the actions of lists ask."""
        return may_publish(request)

    def get_readonly_fields(self, request, obj=None):
        """The moment of publication is set by those who may publish."""
        fields = tuple(super().get_readonly_fields(request, obj))
        names = {field.name for field in self.opts.fields}
        return fields if may_publish(request) or "published_at" not in names else (*fields, "published_at")
