"""Autosave: ``admin-autosave.js`` keeps what an editor types in the browser until the form is saved.

Each opened form has a key, which the script makes up. A cookie with the key tells the script that the form was saved.
To restore, the script submits what it kept with RESTORE_FIELD: the form comes back filled and merged with what others
have changed since, and nothing is saved.
"""

import re
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from catalog.admin.request_state import request_state

KEY_FIELD, RESTORE_FIELD = "_autosave", "_restore"
COOKIE_PREFIX = "autosave-"
COOKIE_SECONDS = 30 * 24 * 3600  # as long as the browser keeps what was typed
NOT_SAVED_MESSAGE = "Restored, and not saved yet."


def autosave_context(request: HttpRequest) -> dict[str, Any]:
    """What ``autosave.html`` reads: the submitted key, and whether the form was restored."""
    key = request.POST.get(KEY_FIELD, "")
    is_valid = re.fullmatch(r"[0-9a-z]{1,40}", key, re.ASCII)
    return {"autosave_key": key if is_valid else "", "is_restored": RESTORE_FIELD in request.POST}


def mark_saved(request: HttpRequest, response: HttpResponse) -> None:
    """Set the cookie by which the script forgets what was typed into the submitted form."""
    if key := autosave_context(request)["autosave_key"]:
        response.set_cookie(
            COOKIE_PREFIX + key,
            "saved",
            max_age=COOKIE_SECONDS,
            path=settings.ADMIN_URL,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )


class AutosaveMixin(admin.ModelAdmin):
    """Marks saved forms, and shows restored ones without saving them."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """The form; once it is saved, with the cookie."""
        response = super().changeform_view(request, object_id, form_url, extra_context)
        if request_state(request).is_saved:
            mark_saved(request, response)
        return response

    def get_form(self, request, obj=None, change=False, **kwargs):
        """The form class; invalid while it is restored."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        if RESTORE_FIELD in request.POST:
            form.form_error = NOT_SAVED_MESSAGE
        return form

    def render_change_form(self, request, context, *args, **kwargs):
        """The form; if it was restored, with the names of the changed fields and without errors, as it was typed."""
        context |= autosave_context(request)
        if context["is_restored"]:
            formsets = [inline.formset for inline in context["inline_admin_formsets"]]
            forms = [context["adminform"].form, *(form for formset in formsets for form in formset.forms)]
            context["restored_names"] = [form.add_prefix(name) for form in forms for name in form.changed_data]
            for errors in (context["errors"], *(form.errors for form in forms)):
                errors.clear()
            for formset in formsets:
                formset.non_form_errors().clear()
        return super().render_change_form(request, context, *args, **kwargs)
