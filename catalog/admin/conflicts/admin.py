"""Where nothing is lost: the views of a desk that change something, each one edit in one transaction."""

import re

from django.contrib import messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.http import HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst

from catalog.admin.conflicts.conflict import author_of
from catalog.admin.conflicts.field_values import changed_values
from catalog.admin.conflicts.form_merge import merge_submitted_form
from catalog.admin.conflicts.submitted_rows import SubmittedRows
from catalog.admin.edits import edit_summary, record_request_edit
from catalog.admin.history.permissions import may_apply
from catalog.history.past_state import merged_into, rows_since
from catalog.history.undelete import find_deletion, plan_undelete, undelete
from catalog.history.write_rows import ChangeRefused
from catalog.models import Change, Edit
from catalog.models.change import record_reference

VERSION_FIELD, UNDELETE_FIELD = "_read_at", "_undelete"
MAX_MESSAGES = 5  # changes named one by one
NO_VERSION_MESSAGE = (
    "The form does not say when it was read, so it cannot be told whether somebody changed something since."
)


def read_version(request):
    """The log's version at which the form that was sent had been read; None when that is not known."""
    text = request.POST.get(VERSION_FIELD, "")
    version = int(text) if re.fullmatch(r"[0-9]{1,18}", text, re.ASCII) else None
    return version if version is not None and version <= Change.objects.version() else None


class ConflictDetectionMixin:
    """Part of a desk."""

    delete_confirmation_template = "admin/catalog/delete_confirmation.html"
    delete_selected_confirmation_template = "admin/catalog/delete_selected_confirmation.html"
    change_form_template = "admin/catalog/change_form.html"

    # Forms

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """A form that is read says at which version; one that is sent is merged with what happened since."""
        if request.method != "POST":
            context = {VERSION_FIELD[1:]: Change.objects.version()} | (extra_context or {})
            return super().changeform_view(request, object_id, form_url, context)
        request.is_saved, request.outcome = False, None
        with record_request_edit(request):
            context = {VERSION_FIELD[1:]: request.POST.get(VERSION_FIELD, "")} | (extra_context or {})
            answer = self._merged(request, object_id) if object_id else None
            if answer is None:
                answer = super().changeform_view(request, object_id, form_url, context)
            if not request.is_saved:  # what was put back in order to be shown goes again
                transaction.set_rollback(True)
        return answer

    def _merged(self, request, object_id):
        """Put what is to be saved in the place of what was sent. An answer when there is nothing to save it to."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            if not object_id.isdecimal() or len(object_id) > 18 or not self.has_change_permission(request):
                return None
            deletion = find_deletion(self.opts.model_name, int(object_id))
            if deletion is None:
                return None
            if request.POST.get(UNDELETE_FIELD) != str(deletion.pk) or not self._may_bring_back(request, deletion):
                return self._gone(request, deletion)
            try:
                undelete(deletion)
            except ChangeRefused as refusal:
                return self._gone(request, deletion, refusal.reasons)
            record = self.get_object(request, unquote(object_id))
        version = read_version(request)
        if record is None or version is None or not self.has_change_permission(request, record):
            request.has_no_version = version is None
            return None
        if version != Change.objects.version():
            form = self.get_form(request, record, change=True)
            formsets = list(self._formsets(request, record))
            request.outcome = merge_submitted_form(record, version, request.POST, request.FILES, form, formsets)
            request.POST, request._files = request.outcome.data, request.outcome.files
        return None

    def _formsets(self, request, record):
        """(prefix, class) of each formset that the user may change something in, named as Django names them."""
        seen = {}
        for made, inline in self.get_formsets_with_inlines(request, record):
            prefix = made.get_default_prefix()
            seen[prefix] = seen.get(prefix, 0) + 1
            prefix = prefix if seen[prefix] == 1 and prefix else f"{prefix}-{seen[prefix]}"
            if inline.has_change_permission(request, record):
                yield prefix, made

    def get_form(self, request, obj=None, change=False, **kwargs):
        """A form that is not valid while something is to be chosen."""
        form = super().get_form(request, obj, change, **kwargs)
        outcome = getattr(request, "outcome", None)
        form.open_conflicts = outcome.open_conflicts if outcome else ()
        form.complaint = (
            NO_VERSION_MESSAGE + " Please open it again." if getattr(request, "has_no_version", False) else ""
        )
        return form

    def save_related(self, request, form, formsets, change):
        """All is saved: what was taken over is said."""
        super().save_related(request, form, formsets, change)
        request.is_saved = True
        for told in request.outcome.kept_changes[:MAX_MESSAGES] if request.outcome else ():
            self.message_user(request, told, messages.INFO)

    def render_change_form(self, request, context, *args, **kwargs):
        """With what is to be chosen."""
        outcome = getattr(request, "outcome", None)
        context |= {"conflicts": outcome.conflicts, "kept_changes": outcome.kept_changes} if outcome else {}
        context["edit_summary"] = edit_summary(request)
        return super().render_change_form(request, context, *args, **kwargs)

    def _may_bring_back(self, request, deletion):
        """As at its history: whoever may do by hand all that it would do, to what it was tied to as well."""
        changes = plan_undelete(deletion).preview()
        return bool(changes) and self.has_change_permission(request) and may_apply(request.user, changes)

    def _gone(self, request, deletion, reasons=()):
        """The record was deleted while its form was open: what was typed is shown, and it can be brought back."""
        merged = merged_into(deletion.kind, deletion.record_id)
        sent = [(name, value) for name, values in request.POST.lists() for value in values]
        context = self.admin_site.each_context(request) | {
            "title": f"{capfirst(self.opts.verbose_name)} “{deletion.label}” is gone",
            "opts": self.opts,
            "deletion": deletion,
            "author": author_of(deletion),
            "merged_into": self.model._default_manager.filter(pk=merged).first() if merged else None,
            "typed": list(self._typed(request, deletion)),
            "sent": [pair for pair in sent if pair[0] not in ("csrfmiddlewaretoken", UNDELETE_FIELD)],
            "may_bring_back": merged is None and self._may_bring_back(request, deletion),
            "reasons": reasons,
        }
        return TemplateResponse(request, "admin/catalog/conflicts/deleted_meanwhile.html", context, status=409)

    def _typed(self, request, deletion):
        """(record, label, value) of what the editor had changed or added when the record was deleted."""
        keys, parts = [], []
        for prefix, made in self._formsets(request, None):
            part = (made, SubmittedRows(request.POST.copy(), prefix))
            parts.append(part)
            keys += [(made.model._meta.model_name, row.pk) for row in part[1].rows if row.pk]
        rows = rows_since(
            read_version(request) or deletion.pk - 1, record_reference(self.model, deletion.record_id), keys
        )
        own = rows.get((deletion.kind, deletion.record_id))
        form = self.get_form(request, None, change=False)
        for label, value in changed_values(form, self.model, "", request.POST, request.FILES, own and own.before):
            yield self.opts.verbose_name, label, value
        for made, sent in parts:
            for row in sent.rows:
                past = rows.get((made.model._meta.model_name, row.pk))
                before = past.before if past else None
                name = past.changes[-1].label if past else f"new {made.model._meta.verbose_name}"
                for label, value in changed_values(made.form, made.model, f"{row.sent_as}-", request.POST, {}, before):
                    yield name, label, value

    # Deletion

    def delete_view(self, request, object_id, extra_context=None):
        """Deletes what the editor has seen: after a change it asks again."""
        context = {VERSION_FIELD[1:]: Change.objects.version()} | (extra_context or {})
        if request.method != "POST":
            return super().delete_view(request, object_id, context)
        with record_request_edit(request, Edit.Kind.DELETE):
            if object_id.isdecimal() and len(object_id) < 19:
                self._ask_again(request, [int(object_id)])
            return super().delete_view(request, object_id, context)

    def get_actions(self, request):
        """The action that deletes is this one."""
        actions = super().get_actions(request)
        if "delete_selected" in actions:
            _, name, description = actions["delete_selected"]
            actions["delete_selected"] = (type(self).delete_all_selected, name, description)
        return actions

    def delete_all_selected(self, request, queryset):
        """Django's own, as one edit, and asking again after a change."""
        version = Change.objects.version()
        if not request.POST.get("post"):
            answer = delete_selected(self, request, queryset)
        else:
            with record_request_edit(request, Edit.Kind.DELETE):
                self._ask_again(request, list(queryset.values_list("pk", flat=True)))
                answer = delete_selected(self, request, queryset)
        if answer is not None:
            answer.context_data[VERSION_FIELD[1:]] = version
        return answer

    def _ask_again(self, request, keys):
        """Have the confirmation shown anew, with what was changed since it was, instead of deleting."""
        version = read_version(request)
        told = [NO_VERSION_MESSAGE] if version is None else []
        for key in keys if version is not None else ():
            for row in rows_since(version, record_reference(self.model, key)).values():
                last = row.changes[-1]
                told.append(f"{author_of(last)} has {last.get_action_display().lower()} {last.label} since.")
        for each in told[:MAX_MESSAGES]:
            self.message_user(request, each, messages.WARNING)
        if told:
            data = request.POST.copy()
            data.pop("post", None)
            request.POST = data if "action" in data else QueryDict(mutable=True)

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """To the history of what was deleted: it says when and by whom, and offers it back."""
        if object_id.isdecimal() and len(object_id) < 19 and find_deletion(opts.model_name, int(object_id)):
            return HttpResponseRedirect(reverse(f"admin:{opts.app_label}_{opts.model_name}_history", args=[object_id]))
        return super()._get_obj_does_not_exist_redirect(request, opts, object_id)
