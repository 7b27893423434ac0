"""Django's permissions, narrowed to drafts for users who may not publish. The rules are in ``editing.permissions``."""

from django.contrib.admin.options import BaseModelAdmin

from catalog.editing.permissions import is_draft, may_publish


class DraftPermissionsMixin(BaseModelAdmin):
    """Lets users who may not publish change and delete drafts only. In an inline, ``obj`` is the form's record."""

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._is_open(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._is_open(request, obj)

    def has_publish_permission(self, request):
        """True if the user may publish; for the ``permissions`` of actions."""
        return may_publish(request.user)

    def get_readonly_fields(self, request, obj=None):
        """Only users who may publish set the publication time."""
        fields = tuple(super().get_readonly_fields(request, obj))
        names = {field.name for field in self.opts.fields}
        return fields if may_publish(request.user) or "published_at" not in names else (*fields, "published_at")

    def _is_open(self, request, obj):
        return obj is None or may_publish(request.user) or is_draft(obj)
