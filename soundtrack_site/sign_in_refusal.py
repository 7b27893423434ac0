"""The answer to an attempt to sign in that was not checked."""

import math
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

BUSY_RETRY_SECONDS = 1  # hashing a password takes half a second
BUSY, TOO_MANY = "The sign-in is busy", "Too many attempts to sign in"
TOO_MANY_FAILURES = "Too many failed attempts to sign in"


def render_refusal(title, **context):
    """The page for an attempt that was not checked.

    It is rendered without ``each_context``, which queries the permissions for each model: this page answers floods.
    """
    site = admin.site
    context |= {"title": title, "is_busy": title == BUSY, "canonical": settings.SITE_URL + reverse("admin:login")}
    context |= {"site_title": site.site_title, "site_header": site.site_header, "site_url": site.site_url}
    return render_to_string("admin/sign_in_refused.html", context)


def refuse_sign_in(status, seconds, text):
    """The response with that page."""
    response: Any = HttpResponse(text, status=status, headers={"Retry-After": str(max(1, math.ceil(seconds)))})
    add_never_cache_headers(response)
    response._has_been_logged = True  # axes logs a lock once; Django would write a line for each attempt of a flood
    return response
