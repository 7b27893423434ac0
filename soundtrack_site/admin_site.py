"""The AdminSite: sidebar, autocompletes, sign-in, and the response to requests that the database refuses.

Not in ``catalog.admin``, because Django instantiates the site before it imports that package. It does so once all
models are loaded (``soundtrack_site.apps``).
"""

import logging
import math
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import DatabaseError, DataError, IntegrityError
from django.http import HttpResponseRedirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property

from soundtrack_site.hash_slot import PasswordCheckBusy
from soundtrack_site.outages import outage_reason
from soundtrack_site.sign_in import is_password_of
from soundtrack_site.sign_in_refusal import (
    BUSY,
    BUSY_RETRY_SECONDS,
    TOO_MANY_FAILURES,
    refuse_sign_in,
    render_refusal,
)
from soundtrack_site.two_step.requirement import require_second_step
from soundtrack_site.two_step.steps import continue_after_password

logger = logging.getLogger(__name__)

NOTHING_SAVED_MESSAGE = (
    "Nothing was saved, because the database refused it. Another editor may have saved the same data meanwhile, "
    "or deleted something that it refers to. Check the record and repeat your change."
)
FILTER_REMOVED_MESSAGE = "The search or filter is invalid, so the page is shown without it."
SAFE_METHODS = ("GET", "HEAD")
MAX_AUTOCOMPLETE_OPTIONS = 1000  # to find more, users type another letter
NEW_OPTION_PARAMETER, NEW_OPTION_PREFIX = "new", "new:"  # an option that adds a record of the typed name
MAX_LOGGED_ERROR = 200  # characters: the text of an error may repeat a parameter
SORT_LAST = 99  # the position of models that declare none


def handle_database_errors(view):
    """Wrap an admin view: a request that the database refuses is answered by a message, not by status 500.

    Forms check nearly all constraints; what remains are races of two editors. Their transaction was rolled back. A GET
    that fails because of its parameters (``?id__in=9…9``, ``?title__regex=(``) is redirected to the page without them.
    An integer that is too large is an OverflowError on SQLite and a DataError on PostgreSQL.
    An error that parameters cannot have caused is raised, an outage included. An empty ``_to_field``, which Django
    takes for the name of a field, is status 400.
    """

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        if "" in (request.GET.get(TO_FIELD_VAR), request.POST.get(TO_FIELD_VAR)):
            raise BadRequest("The name of a field is empty")
        try:
            response = view(request, *args, **kwargs)
            return response.render() if hasattr(response, "render") else response
        except (DataError, IntegrityError, OverflowError) as raised:
            error: Exception = raised
            if request.method in SAFE_METHODS and not request.GET:
                raise
        except (DatabaseError, ValueError) as raised:
            error = raised
            if outage_reason(raised) or not (
                request.GET if request.method in SAFE_METHODS else ACTION_CHECKBOX_NAME in request.POST
            ):
                raise
        if request.method in SAFE_METHODS:
            logger.warning("The parameters of %s cannot be served: %s", request.path, str(error)[:MAX_LOGGED_ERROR])
            messages.warning(request, FILTER_REMOVED_MESSAGE)
            return HttpResponseRedirect(request.path)
        logger.warning("The admin could not serve %s %s", request.method, request.path, exc_info=error)
        messages.error(request, NOTHING_SAVED_MESSAGE)
        return HttpResponseRedirect(request.get_full_path())

    return wrapper


def answer_refusals(view):
    """Wrap a view that signs in: 429 after too many failures, 503 while another password is checked (``sign_in.py``).

    Answered here, before a form is rendered: axes' middleware would render it first and discard it, and would run for
    every visitor.
    """

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        try:
            response = view(request, *args, **kwargs)
        except PasswordCheckBusy:
            return refuse_sign_in(503, BUSY_RETRY_SECONDS, render_refusal(BUSY))
        except PermissionDenied:
            if not getattr(request, "axes_locked_out", False):
                raise
        if not getattr(request, "axes_locked_out", False):
            return response
        until = request.sign_in_locked_until or timezone.now()  # None: the lock has ended while this was answered
        seconds = max(1, math.ceil((until - timezone.now()).total_seconds()))
        page = render_refusal(TOO_MANY_FAILURES, locked_until=until, minutes=math.ceil(seconds / 60))
        return refuse_sign_in(429, seconds, page)

    return wrapper


class PasswordPage(LoginView):
    """The sign-in page."""

    def form_valid(self, form):
        return continue_after_password(self.request, form.get_user(), self.get_success_url())


class PasswordChangeForm(AdminPasswordChangeForm):
    """The old password under the limits of the sign-in: a session left open could be used to guess it."""

    def __init__(self, user, *args, request=None, **kwargs):
        super().__init__(user, *args, **kwargs)
        self.request = request

    def clean_old_password(self):
        """The old password; a validation error if it is wrong."""
        password = self.cleaned_data["old_password"]
        if not is_password_of(self.user, password, self.request):
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return password


class PasswordChangePage(PasswordChangeView):
    """The page on which users change their own password."""

    form_class = PasswordChangeForm
    success_url = reverse_lazy("admin:password_change_done")

    def get_form_kwargs(self):
        """With the request, which limits of the sign-in need."""
        return super().get_form_kwargs() | {"request": self.request}


class CappedPaginator(Paginator):
    """Counts at most MAX_AUTOCOMPLETE_OPTIONS; a count of 480,000 credits took 200 ms."""

    @cached_property
    def count(self):
        """The number of options, up to the maximum."""
        return self.object_list[:MAX_AUTOCOMPLETE_OPTIONS].count()  # type: ignore[attr-defined]


class CatalogAdminAutocomplete(AutocompleteJsonView):
    """Options with the labels that the records' ModelAdmin gives them (``option_labels``)."""

    labels: dict[Any, str] = {}

    def get_paginator(self, *args, **kwargs):
        """The paginator of the options."""
        return CappedPaginator(*args, **kwargs)

    def process_request(self, request):
        """Django's check of the parameters; only fields with a column have options, reverse relations are refused."""
        term, model_admin, source_field, to_field_name = super().process_request(request)
        if not source_field.concrete:
            raise PermissionDenied
        return term, model_admin, source_field, to_field_name

    def get_context_data(self, **kwargs):
        """The page of options, whose labels are read at once."""
        context = super().get_context_data(**kwargs)
        if hasattr(self.model_admin, "option_labels"):
            self.labels = self.model_admin.option_labels(context["object_list"])
        new_record = getattr(self.model_admin, "new_record", None)
        if new_record and NEW_OPTION_PARAMETER in self.request.GET and not context["page_obj"].has_previous():
            record = new_record(self.request, self.term)
            context["object_list"] = [*context["object_list"], *([record] if record else [])]
        return context

    def serialize_result(self, obj, to_field_name):
        """Key and label of one record; of one that the form would add, its name."""
        if obj.pk is None:
            return {"id": f"{NEW_OPTION_PREFIX}{obj}", "text": f"Add “{obj}”"}
        return super().serialize_result(obj, to_field_name) | {"text": self.labels.get(obj.pk, str(obj))}


class CatalogAdminSite(admin.AdminSite):
    """The AdminSite of the catalogue."""

    site_header = site_title = f"{settings.SITE_NAME} administration"
    index_title = "What would you like to work on?"
    password_change_template = "admin/password_change.html"
    password_change_done_template = "admin/password_change_done.html"

    def admin_view(self, view, cacheable=False):
        """Django's wrapper around every view, with ``handle_database_errors`` and ``require_second_step``."""
        inner = handle_database_errors(view)
        if view != self.logout and not getattr(view, "is_open_before_second_step", False):
            inner = require_second_step(inner)
        return super().admin_view(inner, cacheable)

    def each_context(self, request):
        """The context of every page, with its canonical URL."""
        return super().each_context(request) | {"canonical": settings.SITE_URL + request.path}

    def get_app_list(self, request, app_label=None):
        """The models for the first page and the sidebar: in the groups of their ModelAdmins, then by app.

        A ModelAdmin declares ``sidebar_group`` (position, name) and ``sidebar_position`` within the group. The page
        of one app lists its models ungrouped.
        """
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        groups: dict[tuple[int, str], dict[str, Any]] = {}
        for app in apps:
            for entry in app["models"]:
                model_admin = self.get_model_admin(entry["model"])
                key = getattr(model_admin, "sidebar_group", (SORT_LAST, app["name"]))
                group = groups.setdefault(key, app | {"name": key[1], "models": []})
                group["models"].append((getattr(model_admin, "sidebar_position", SORT_LAST), entry))
        for group in groups.values():
            group["models"] = [entry for _, entry in sorted(group["models"], key=lambda pair: pair[0])]
        return [groups[key] for key in sorted(groups)]

    @method_decorator(answer_refusals)
    def login(self, request, extra_context=None):
        """The sign-in page, as Django's, but with ``PasswordPage``. Two-step sign-in goes on from there."""
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        context = self.each_context(request) | {
            "title": "Log in",
            "app_path": request.get_full_path(),
            "username": request.user.get_username(),
        }
        view = PasswordPage.as_view(
            extra_context=context | (extra_context or {}),
            authentication_form=AdminAuthenticationForm,
            template_name="admin/login.html",
        )
        request.current_app = self.name
        return view(request)

    @method_decorator(answer_refusals)
    def password_change(self, request, extra_context=None):
        """Django's page, with ``PasswordChangePage``."""
        context = self.each_context(request) | (extra_context or {})
        request.current_app = self.name
        return PasswordChangePage.as_view(template_name=self.password_change_template, extra_context=context)(request)

    def autocomplete_view(self, request):
        """The options for an autocomplete, as JSON."""
        return CatalogAdminAutocomplete.as_view(admin_site=self)(request)
