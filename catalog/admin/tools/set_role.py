"""Set the role of all credits selected in the changelist."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from catalog.admin.edits import record_request_edit
from catalog.admin.tools.base import RecordToolsMixin
from catalog.admin.tools.cite_source import MAX_BULK_RECORDS
from catalog.editing.credits import set_role
from catalog.models import Credit
from catalog.models.edit import Edit

MAX_LISTED_ERRORS = 5


class RoleForm(forms.Form):
    """The new role."""

    def __init__(self, data: Any, credit_admin: admin.ModelAdmin, request: HttpRequest) -> None:
        super().__init__(data)
        role_field: Any = credit_admin.formfield_for_dbfield(Credit._meta.get_field("role"), request)
        self.fields["role"] = role_field


class SetRoleMixin(RecordToolsMixin):
    """Adds the changelist action to the ModelAdmin of credits."""

    actions = ("set_role",)

    @admin.action(description="Set the role of the selected %(verbose_name_plural)s", permissions=["change"])
    def set_role(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Ask for the role; set it for all selected credits, or for none if one cannot have it."""
        related = ("person", "role", "series", "season__series", "episode__season__series")
        credits = list(queryset.select_related(*related)[: MAX_BULK_RECORDS + 1])
        if len(credits) > MAX_BULK_RECORDS:
            self.message_user(request, f"At most {MAX_BULK_RECORDS} at once: nothing was changed.", messages.ERROR)
            return None
        if not all(self.has_change_permission(request, credit) for credit in credits):
            raise PermissionDenied
        labels = {credit: f"{credit}, on {credit.subject}" for credit in credits}
        count = f"{len(credits)} credit{'' if len(credits) == 1 else 's'}"
        form = RoleForm(request.POST if "role_sent" in request.POST else None, self, request)
        if form.is_valid():
            role = form.cleaned_data["role"]
            summary = f"Set the role of {len(credits)} credits to {role}"
            with record_request_edit(request, Edit.Kind.BULK, default_summary=summary):
                errors = set_role(credits, role)
            if not errors:
                self.message_user(request, f"The role of {count} is now {role}.", messages.SUCCESS)
                return HttpResponseRedirect(request.get_full_path())
            for credit, reasons in list(errors.items())[:MAX_LISTED_ERRORS]:
                form.add_error(None, f"{labels[credit]}: {' '.join(reasons)}")
        return self.render_tool(
            request,
            "set_role",
            f"Set the role of {count}",
            form=form,
            records=list(labels.values()),
            action="set_role",
            selected=[credit.pk for credit in credits],
            media=self.media + form.media,
        )
