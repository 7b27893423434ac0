"""A site that shows the cost of rendering alone: no middleware, no database, the data in memory."""

import time
from types import SimpleNamespace

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import include, path

from bench import sample_page

settings.MIDDLEWARE = []
settings.ROOT_URLCONF = __name__

# A dict for Django's templates, which try a key first; attributes for Jinja2, which tries an attribute first.
CONTEXTS = {"django": sample_page.lean_context(dict), "jinja2": sample_page.lean_context(SimpleNamespace)}
TEMPLATES = {engine: sample_page.lean_template(engine) for engine in ("django", "jinja2")}


def hello(request):
    """A constant response: what a request costs without a page."""
    return HttpResponse("hello")


def cpu(request):
    """Processor time that the worker has used so far, in seconds."""
    return HttpResponse(str(time.process_time()))


def lean(request, engine):
    """The lean page, rendered by ``django`` or ``jinja2``."""
    return HttpResponse(TEMPLATES[engine].render(CONTEXTS[engine]))


def episode_list(request):
    """The site's own /episodes/, rendered from a context computed once."""
    return HttpResponse(VIEW.render_to_response(CONTEXT).rendered_content)


urlpatterns = [
    path("hello/", hello),
    path("cpu/", cpu),
    path("lean/<slug:engine>/", lean),
    path("real/", episode_list),
    path("", include("soundtrack_site.urls")),  # link targets of the site's page
]
VIEW, CONTEXT = sample_page.episode_list()
application = get_wsgi_application()
