"""Another role for all credits chosen in a list."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect

from catalog.admin.edits import record_request_edit
from catalog.admin.tools.cite_source import MAX_BULK_RECORDS
from catalog.models import Credit
from catalog.models.edit import Edit

MAX_LISTED_ERRORS = 5  # complaints that are shown


class RoleForm(forms.Form):
    """The role."""

    def __init__(self, data, desk, request):
        super().__init__(data)
        self.fields["role"] = desk.formfield_for_dbfield(Credit._meta.get_field("role"), request)


class SetRoleMixin:
    """Part of the desk of credits: the action of its list."""

    actions = ("set_role",)

    @admin.action(description="Set the role of the selected %(verbose_name_plural)s", permissions=["change"])
    def set_role(self, request, queryset):
        """Ask for the role; set it for all of them, or for none when one cannot have it."""
        credits = list(
            queryset.select_related("person", "role", "series", "season__series", "episode__season__series")[
                : MAX_BULK_RECORDS + 1
            ]
        )
        if len(credits) > MAX_BULK_RECORDS:
            self.message_user(request, f"At most {MAX_BULK_RECORDS} at once: nothing was changed.", messages.ERROR)
            return None
        if not all(self.has_change_permission(request, credit) for credit in credits):
            raise PermissionDenied
        named = [f"{credit}, on {credit.subject}" for credit in credits]
        form = RoleForm(request.POST if "role_sent" in request.POST else None, self, request)
        if form.is_valid():
            role = form.cleaned_data["role"]
            wrong = self._set(request, credits, named, role)
            if not wrong:
                told = f"{role} is the role of {len(credits)} credit{'' if len(credits) == 1 else 's'} now."
                self.message_user(request, told, messages.SUCCESS)
                return HttpResponseRedirect(request.get_full_path())
            for told in wrong[:MAX_LISTED_ERRORS]:
                form.add_error(None, told)
        return self.page(
            request,
            "set_role",
            f"Set the role of {len(credits)} credit{'' if len(credits) == 1 else 's'}",
            form=form,
            records=named,
            action="set_role",
            selected=[credit.pk for credit in credits],
            selected_name=ACTION_CHECKBOX_NAME,
            media=self.media + form.media,
        )

    def _set(self, request, credits, named, role):
        """What is wrong; nothing is changed then."""
        wrong = []
        done = f"Set the role of {len(credits)} credits to {role}"
        with record_request_edit(request, Edit.Kind.BULK, default_summary=done), transaction.atomic():
            for credit, name in zip(credits, named, strict=True):
                credit.role = role
                try:
                    credit.validate_constraints()
                except ValidationError as error:
                    wrong.append(f"{name}: {' '.join(error.messages)}")
                    continue
                credit.save(update_fields=["role"])
            if wrong:
                transaction.set_rollback(True)
        return wrong
