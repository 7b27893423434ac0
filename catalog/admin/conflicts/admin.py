"""The views of a ModelAdmin that change records: each is one edit in one transaction, and detects concurrent edits.

A form carries the version of the change log at which it was opened. Later changes are merged into the submitted data
before Django's own view reads them.
"""

import re
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.http import HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst

from catalog.admin.conflicts.conflict import author_of
from catalog.admin.conflicts.field_values import changed_values, parse_key
from catalog.admin.conflicts.form_merge import merge_submitted_form
from catalog.admin.conflicts.submitted_rows import SubmittedRows
from catalog.admin.edits import edit_summary, record_request_edit
from catalog.admin.history.permissions import may_apply
from catalog.admin.request_state import request_state
from catalog.history.past_state import merged_into, rows_since
from catalog.history.undelete import find_deletion, plan_undelete
from catalog.history.write_rows import ChangeRefused
from catalog.models import Change, Edit
from catalog.models.change import record_reference
from catalog.models.deletion import delete_records

VERSION_FIELD, UNDELETE_FIELD = "_read_at", "_undelete"
VERSION_VARIABLE = "read_at"  # the template variable with the value of VERSION_FIELD
MAX_MESSAGES = 5
MAX_DELETED = 500  # records by the action of a list, whose confirmation has a field for each
NO_VERSION_MESSAGE = "The form does not say when it was read, so changes by others since then cannot be detected."


def read_version(request):
    """The submitted version of the change log; None if it is missing or impossible."""
    text = request.POST.get(VERSION_FIELD, "")
    version = int(text) if re.fullmatch(r"[0-9]{1,18}", text, re.ASCII) else None
    return version if version is not None and version <= Change.objects.version() else None


class ConflictDetectionMixin(admin.ModelAdmin):
    """Merges concurrent edits of a record, or shows the conflicts; deletes only what the editor has seen."""

    delete_confirmation_template = "admin/catalog/delete_confirmation.html"
    delete_selected_confirmation_template = "admin/catalog/delete_selected_confirmation.html"
    change_form_template = "admin/catalog/change_form.html"

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Django's view; a submitted form is merged first. Rows restored for the merge only are rolled back."""
        if request.method != "POST":
            context = {VERSION_VARIABLE: Change.objects.version()} | (extra_context or {})
            return super().changeform_view(request, object_id, form_url, context)
        with record_request_edit(request):
            context = {VERSION_VARIABLE: request.POST.get(VERSION_FIELD, "")} | (extra_context or {})
            response = self._merge_submission(request, object_id) if object_id else None
            if response is None:
                response = super().changeform_view(request, object_id, form_url, context)
            if not request_state(request).is_saved:
                transaction.set_rollback(True)
        return response

    def _merge_submission(self, request, object_id):
        """Replace the submitted data by the merged data. Returns a response if the record was deleted meanwhile."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            response = self._undelete_for_submission(request, object_id)
            if response is not None:
                return response
            record = self.get_object(request, unquote(object_id))
        version, state = read_version(request), request_state(request)
        if record is None or version is None or not self.has_change_permission(request, record):
            state.version_is_missing = version is None
        elif version != Change.objects.version():
            form = self.get_form(request, record, change=True)
            formsets = list(self._formset_classes(request, record))
            result = merge_submitted_form(record, version, request.POST, request.FILES, form, formsets)
            state.merge_result, request.POST, request._files = result, result.data, result.files
        return None

    def _undelete_for_submission(self, request, object_id):
        """Undelete the record if the editor asked for it. Otherwise the page about the deletion, None without one."""
        key = parse_key(object_id)
        may_change, kind = self.has_change_permission(request), str(self.opts.model_name)
        deletion = find_deletion(kind, key) if key and may_change else None
        if deletion is None:
            return None
        plan = plan_undelete(deletion)
        if request.POST.get(UNDELETE_FIELD) != str(deletion.pk) or not self._may_undelete(request, plan):
            return self._deleted_meanwhile(request, deletion, plan)
        try:
            plan.apply()
        except ChangeRefused as refusal:
            return self._deleted_meanwhile(request, deletion, plan, refusal.reasons)
        return None

    def _formset_classes(self, request, record):
        """(prefix, class) of each formset in which the user may change rows, with Django's prefixes."""
        uses: dict[str, int] = {}
        for formset, inline in self.get_formsets_with_inlines(request, record):
            prefix = formset.get_default_prefix()
            uses[prefix] = uses.get(prefix, 0) + 1
            prefix = prefix if uses[prefix] == 1 and prefix else f"{prefix}-{uses[prefix]}"
            if inline.has_change_permission(request, record):
                yield prefix, formset

    def get_form(self, request, obj=None, change=False, **kwargs):
        """The form class, with the open conflicts of the request."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        state = request_state(request)
        form.open_conflicts = state.open_conflicts
        form.form_error = f"{NO_VERSION_MESSAGE} Open it again." if state.version_is_missing else ""
        return form

    def save_related(self, request, form, formsets, change):
        """Save the rows, then report which changes of others were kept."""
        super().save_related(request, form, formsets, change)
        state = request_state(request)
        state.is_saved = True
        for message in state.merge_result.kept_changes[:MAX_MESSAGES] if state.merge_result else ():
            self.message_user(request, message, messages.INFO)

    def render_change_form(self, request, context, *args, **kwargs):
        """The form with the conflicts and the edit summary."""
        result = request_state(request).merge_result
        context |= {"conflicts": result.conflicts, "kept_changes": result.kept_changes} if result else {}
        context["edit_summary"] = edit_summary(request)
        return super().render_change_form(request, context, *args, **kwargs)

    def _may_undelete(self, request, plan):
        """True if the user may make every change the undelete would make, many-to-many links included."""
        changes = plan.preview()
        return bool(changes) and self.has_change_permission(request) and may_apply(request.user, changes)

    def _deleted_meanwhile(self, request, deletion, plan, reasons=()):
        """The page with what the editor had typed, and a button that restores the record with it. Status 409."""
        target = merged_into(deletion.kind, deletion.record_id)
        pairs = [(name, value) for name, values in request.POST.lists() for value in values]
        context = self.admin_site.each_context(request) | {
            "title": f"{capfirst(self.opts.verbose_name)} “{deletion.label}” no longer exists",
            "opts": self.opts,
            "deletion": deletion,
            "author": author_of(deletion),
            "merged_into": self.model._default_manager.filter(pk=target).first() if target else None,
            "changed_values": list(self._changed_values(request, deletion)),
            "submitted": [pair for pair in pairs if pair[0] not in ("csrfmiddlewaretoken", UNDELETE_FIELD)],
            "may_undelete": target is None and self._may_undelete(request, plan),
            "reasons": reasons,
        }
        return TemplateResponse(request, "admin/catalog/conflicts/deleted_meanwhile.html", context, status=409)

    def _changed_values(self, request, deletion):
        """(record, label, value) of what the editor had changed or added when the record was deleted."""
        formsets = [
            (formset, SubmittedRows(request.POST.copy(), prefix).rows)
            for prefix, formset in self._formset_classes(request, None)
        ]
        keys = [(formset.model._meta.model_name, row.pk) for formset, rows in formsets for row in rows if row.pk]
        version = read_version(request) or deletion.pk - 1
        past_rows = rows_since(version, record_reference(self.model, deletion.record_id), keys)
        past_row = past_rows.get((deletion.kind, deletion.record_id))
        form, before = self.get_form(request, None, change=False), past_row and past_row.before
        for label, value in changed_values(form, self.model, "", request.POST, request.FILES, before):
            yield self.opts.verbose_name, label, value
        for formset, rows in formsets:
            model = formset.model
            for row in rows:
                past_row = past_rows.get((model._meta.model_name, row.pk))
                before = past_row.before if past_row else None
                name = past_row.changes[-1].label if past_row else f"new {model._meta.verbose_name}"
                for label, value in changed_values(formset.form, model, f"{row.prefix}-", request.POST, {}, before):
                    yield name, label, value

    def delete_view(self, request, object_id, extra_context=None):
        """Django's view as one edit; asks again if the record was changed since the confirmation was shown."""
        context = {VERSION_VARIABLE: Change.objects.version()} | (extra_context or {})
        if request.method != "POST":
            return super().delete_view(request, object_id, context)
        with record_request_edit(request, Edit.Kind.DELETE):
            key = parse_key(object_id)
            if key is not None:
                self._ask_again_if_changed(request, [key])
            return super().delete_view(request, object_id, context)

    def delete_model(self, request, obj):
        delete_records([obj])

    def delete_queryset(self, request, queryset):
        delete_records(list(queryset))

    def get_actions(self, request):
        """The actions, with ``delete_all_selected`` for Django's ``delete_selected``."""
        actions: dict[str, Any] = super().get_actions(request)
        if "delete_selected" in actions:
            _, name, description = actions["delete_selected"]
            actions["delete_selected"] = (type(self).delete_all_selected, name, description)
        return actions

    def delete_all_selected(self, request, queryset):
        """Django's action as one edit; asks again if a record was changed since the confirmation was shown."""
        version = Change.objects.version()
        if len(queryset.order_by().values_list("pk", flat=True)[: MAX_DELETED + 1]) > MAX_DELETED:
            text = f"At most {MAX_DELETED} at once: nothing was deleted."
            self.message_user(request, text, messages.ERROR)
            return None
        if not request.POST.get("post"):
            response = delete_selected(self, request, queryset)
        else:
            with record_request_edit(request, Edit.Kind.DELETE):
                self._ask_again_if_changed(request, list(queryset.values_list("pk", flat=True)))
                response = delete_selected(self, request, queryset)
        if response is not None and response.context_data is not None:
            response.context_data[VERSION_VARIABLE] = version
        return response

    def _ask_again_if_changed(self, request, keys):
        """Remove the confirmation from the POST data if records were changed since, so that Django asks again."""
        version = read_version(request)
        warnings = [NO_VERSION_MESSAGE] if version is None else []
        for key in keys if version is not None else ():
            for row in rows_since(version, record_reference(self.model, key)).values():
                change = row.changes[-1]
                verb = change.get_action_display().lower()
                warnings.append(f"{author_of(change)} has {verb} {change.label} since.")
        for warning in warnings[:MAX_MESSAGES]:
            self.message_user(request, warning, messages.WARNING)
        if warnings:
            data = request.POST.copy()
            data.pop("post", None)
            request.POST = data if "action" in data else QueryDict(mutable=True)

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """For a deleted record redirect to its history, which offers to restore it."""
        key = parse_key(object_id)
        if key is not None and find_deletion(opts.model_name, key):
            return HttpResponseRedirect(reverse(f"admin:{opts.app_label}_{opts.model_name}_history", args=[object_id]))
        return super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc]
