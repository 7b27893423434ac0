"""What a worker does before its first request, since a visitor would wait for it: half a second on most pages."""

from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.urls import get_resolver

ADMIN_TEMPLATES = "admin/"  # written for Django's template engine


def preload_pages() -> None:
    """Import all views and compile the visitors' templates."""
    get_resolver().url_patterns  # noqa: B018  (a property that imports)
    engine: Jinja2 = engines["jinja2"]  # type: ignore[assignment]
    environment = engine.env
    for name in environment.list_templates(filter_func=lambda name: not name.startswith(ADMIN_TEMPLATES)):
        environment.get_template(name)
