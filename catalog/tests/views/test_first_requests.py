"""A worker has compiled the visitors' templates before it gets its first request."""

from django.conf import settings
from django.template import engines

from soundtrack_site.preload import preload_pages


def test_all_templates_of_visitors_are_compiled():
    environment = engines["jinja2"].env
    environment.cache.clear()
    preload_pages()
    templates = settings.BASE_DIR / "templates"
    names = {str(path.relative_to(templates)) for path in (templates / "catalog").rglob("*.html")}
    assert {"catalog/home.html", "catalog/partials/credits.html"} <= names
    assert names <= {name for _, name in environment.cache}
