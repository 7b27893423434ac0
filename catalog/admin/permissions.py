"""Who may do what at the desk: without the right to publish, only drafts are worked on.

The groups Contributor, Editor and Administrator are in ``fixtures/roles.json``. A right of Django's says what may be
done with records of a kind; here it is narrowed to drafts for those who may not publish.
"""

from catalog.editing.permissions import is_draft, may_publish


class DraftPermissionsMixin:
    """Part of a desk: Django's rights, narrowed to drafts. ``obj`` is the record of the form, also for its rows."""

    def _is_open(self, request, obj):
        return obj is None or may_publish(request.user) or is_draft(obj)

    def has_change_permission(self, request, obj=None):
        """Whether the user may change it."""
        return super().has_change_permission(request, obj) and self._is_open(request, obj)

    def has_delete_permission(self, request, obj=None):
        """Whether the user may delete it."""
        return super().has_delete_permission(request, obj) and self._is_open(request, obj)

    def has_publish_permission(self, request):
        """Whether the user may publish: what the actions of lists ask."""
        return may_publish(request.user)

    def get_readonly_fields(self, request, obj=None):
        """The moment of publication is set by those who may publish."""
        fields = tuple(super().get_readonly_fields(request, obj))
        names = {field.name for field in self.opts.fields}
        return fields if may_publish(request.user) or "published_at" not in names else (*fields, "published_at")
