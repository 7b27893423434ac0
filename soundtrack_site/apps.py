"""The admin app. Apart from ``admin_site``, which imports models and so is imported after all apps."""

from django.contrib.admin.apps import AdminConfig


class CatalogAdminConfig(AdminConfig):
    """Django's admin with CatalogAdminSite."""

    default_site = "soundtrack_site.admin_site.CatalogAdminSite"
