"""The catalogue app: one connected graph of records, so one app."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Names the app."""

    name = "catalog"
    verbose_name = "Catalogue"
    default_auto_field = "django.db.models.BigAutoField"
