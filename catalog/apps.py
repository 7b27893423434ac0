"""Configuration of the catalogue app."""

from importlib import import_module

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """The one app of the project: its tables are one connected graph of records."""

    name = "catalog"
    verbose_name = "Catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Subscribe the search index to the change log, and a time limit to migrations, in every process.

        Imported here, since the first module needs the models to be loaded.
        """
        import_module("catalog.search.indexing")
        import_module("catalog.management.migration_lock_timeout")
