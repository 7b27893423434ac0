"""The editors' desk itself: its name, its autocompletes, and what it answers when a request asks for the impossible.

Not in ``catalog.admin``: Django makes the site before it imports what registers there.
"""

import logging
import math
from functools import cache, wraps

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.apps import AdminConfig
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import DatabaseError, DataError, IntegrityError
from django.forms.renderers import BaseRenderer, DjangoTemplates, Jinja2
from django.http import HttpResponse, HttpResponseRedirect
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.functional import cached_property

from soundtrack_site.hash_slot import PasswordCheckBusy
from soundtrack_site.workarounds.widget_rendering import render_widget

logger = logging.getLogger(__name__)

NOTHING_SAVED_MESSAGE = (
    "Nothing was saved: the database refused it. Perhaps somebody else saved the same thing in the meantime, "
    "or deleted something that it needs. Please look at the record again and repeat your change."
)
FILTER_REMOVED_MESSAGE = "That cannot be looked for, so here is the page without it."
SAFE_METHODS = ("GET", "HEAD")
MAX_AUTOCOMPLETE_OPTIONS = 1000  # options of an autocomplete: who has not found it by then types another letter
SORT_LAST = 99  # the place of what says none
BUSY_RETRY_SECONDS = 1  # hashing a password takes half of it


def handle_database_errors(view):
    """``view`` with a last net under it, so that a request nobody could serve is answered and not a 500.

    A rule that the forms did not catch (two editors at once) is told as a message; the transaction is gone by
    then. A GET that fails only because of its parameters (``?id__in=9…9``, ``?title__regex=(``) goes to the
    page without them. Without parameters there is nothing to blame, and the error is an error.
    """

    @wraps(view)
    def inner(request, *args, **kwargs):
        try:
            response = view(request, *args, **kwargs)
            return response.render() if hasattr(response, "render") else response
        except (DataError, IntegrityError) as error:
            refused = error
            if request.method in SAFE_METHODS and not request.GET:
                raise
        except (DatabaseError, OverflowError, ValueError) as error:
            refused = error
            if not (request.GET if request.method in SAFE_METHODS else ACTION_CHECKBOX_NAME in request.POST):
                raise
        logger.warning("The desk could not serve %s %s", request.method, request.path, exc_info=refused)
        if request.method in SAFE_METHODS:
            messages.warning(request, FILTER_REMOVED_MESSAGE)
            return HttpResponseRedirect(request.path)
        messages.error(request, NOTHING_SAVED_MESSAGE)
        return HttpResponseRedirect(request.get_full_path())

    return inner


class CappedPaginator(Paginator):
    """Pages of which no more are counted than ``MOST`` options fill."""

    @cached_property
    def count(self):
        """How many options there are, up to the most that are offered."""
        return self.object_list[:MAX_AUTOCOMPLETE_OPTIONS].count()


class CatalogAdminAutocomplete(AutocompleteJsonView):
    """Offers records by the label that their desk gives them, which says more than their name."""

    def get_paginator(self, *args, **kwargs):
        """Pages of options, not counted further than anybody reads: of 480,000 credits that took 200 ms."""
        return CappedPaginator(*args, **kwargs)

    def process_request(self, request):
        """Only a field of a table leads to records; a relation seen from its other end leads nowhere."""
        term, model_admin, source_field, to_field_name = super().process_request(request)
        if not source_field.concrete:
            raise PermissionDenied
        return term, model_admin, source_field, to_field_name

    def serialize_result(self, obj, to_field_name):
        """Key and label of one record."""
        label = getattr(self.model_admin, "option_label", str)
        return super().serialize_result(obj, to_field_name) | {"text": label(obj)}


class CatalogAdminSite(admin.AdminSite):
    """The editors' desk."""

    site_header = site_title = f"{settings.SITE_NAME} administration"
    index_title = "What would you like to work on?"
    password_change_template = "admin/password_change.html"
    password_change_done_template = "admin/password_change_done.html"

    def admin_view(self, view, cacheable=False):
        """Every page of the desk has the net under it."""
        return super().admin_view(handle_database_errors(view), cacheable)

    def each_context(self, request):
        """The address that a page is known by, besides what every page of the desk is given."""
        return super().each_context(request) | {"canonical": settings.SITE_URL + request.path}

    def get_app_list(self, request, app_label=None):
        """What the start page and the sidebar list: groups of models as their desks say, then the other apps.

        A ModelAdmin declares ``sidebar_group`` (position, name) and ``sidebar_position`` within the group. The page
        of one app lists that app as it is.
        """
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        groups = {}
        for app in apps:
            for entry in app["models"]:
                desk = self.get_model_admin(entry["model"])
                place = getattr(desk, "sidebar_group", (SORT_LAST, app["name"]))
                group = groups.setdefault(place, app | {"name": place[1], "models": []})
                group["models"].append((getattr(desk, "sidebar_position", SORT_LAST), entry))
        for group in groups.values():
            group["models"] = [entry for _, entry in sorted(group["models"], key=lambda pair: pair[0])]
        return [groups[place] for place in sorted(groups)]

    def login(self, request, extra_context=None):
        """The sign-in page. 429 after too many failures, 503 while another password is checked (``sign_in.py``).

        Returned from here, before the form is rendered: axes' middleware would render it first and discard it, and
        would run for every visitor.
        """
        try:
            response = super().login(request, extra_context)
        except PasswordCheckBusy:
            return self.refuse_sign_in(request, 503, BUSY_RETRY_SECONDS, title="The sign-in is busy")
        if not getattr(request, "axes_locked_out", False):
            return response
        until = request.sign_in_locked_until or timezone.now()  # None: the lock has ended while this was answered
        seconds = max(1, math.ceil((until - timezone.now()).total_seconds()))
        title, minutes = "Too many failed attempts to sign in", math.ceil(seconds / 60)
        return self.refuse_sign_in(request, 429, seconds, title=title, locked_until=until, minutes=minutes)

    def refuse_sign_in(self, request, status, retry_seconds, **context):
        """The page for an attempt that was not checked. It is rendered without ``each_context``, which asks for the
        rights to each model: floods are answered with this page.
        """
        context |= {"site_title": self.site_title, "site_header": self.site_header, "site_url": self.site_url}
        context["canonical"] = settings.SITE_URL + request.path
        text = render_to_string("admin/sign_in_refused.html", context)
        response = HttpResponse(text, status=status, headers={"Retry-After": str(retry_seconds)})
        add_never_cache_headers(response)
        response._has_been_logged = True  # by axes, once for a lock; Django would write a line for each of a flood
        return response

    def autocomplete_view(self, request):
        """Answers what has been typed into an autocomplete."""
        return CatalogAdminAutocomplete.as_view(admin_site=self)(request)


class FormRenderer(BaseRenderer):
    """Writes widgets by Jinja2 where Django has them so: a form of 1,400 fields in a third of the time."""

    def __init__(self):
        self.writers = Jinja2(), DjangoTemplates()

    def render(self, template_name, context, request=None):
        """The HTML of a widget or a form."""
        found = render_widget(template_name, context)
        return super().render(template_name, context, request) if found is None else found

    @cache  # noqa: B019 – there is one for the whole process
    def get_template(self, template_name):
        """The template, of the first writer that has it."""
        first, second = self.writers
        try:
            return first.get_template(template_name)
        except TemplateDoesNotExist:
            return second.get_template(template_name)


class CatalogAdminConfig(AdminConfig):
    """Django's admin with this desk for its site."""

    default_site = "soundtrack_site.admin_site.CatalogAdminSite"
