"""The catalogue app: one connected graph of records, so one app."""

from importlib import import_module

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Names the app."""

    name = "catalog"
    verbose_name = "Catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Whoever keeps something beside the records follows the change log in every process, from its start."""
        import_module("catalog.search.indexing")
