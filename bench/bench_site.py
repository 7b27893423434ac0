"""A site of a few addresses that shows what rendering costs: no middleware, no database, the data in memory."""

import time
from types import SimpleNamespace

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import include, path

from bench import sample_page

settings.MIDDLEWARE = []
settings.ROOT_URLCONF = __name__

DATA = {"django": sample_page.plain(dict), "jinja2": sample_page.plain(SimpleNamespace)}
TEMPLATES = {engine: sample_page.lean(engine) for engine in ("django", "jinja2")}


def hello(request):
    """The least that a view can do."""
    return HttpResponse("hello")


def cpu(request):
    """The processor time that the worker has used so far, in seconds."""
    return HttpResponse(str(time.process_time()))


def lean(request, engine):
    """The lean page, written by one of the engines."""
    return HttpResponse(TEMPLATES[engine].render(DATA[engine]))


def real(request):
    """The site's own list page."""
    return HttpResponse(VIEW.render_to_response(CONTEXT).rendered_content)


urlpatterns = [
    path("hello/", hello),
    path("cpu/", cpu),
    path("lean/<slug:engine>/", lean),
    path("real/", real),
    path("", include("soundtrack_site.urls")),  # what the real page links to
]
VIEW, CONTEXT = sample_page.real()
application = get_wsgi_application()
