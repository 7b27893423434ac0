"""The Django app with the table of the log."""

from django.apps import AppConfig


class SignInLogConfig(AppConfig):
    """The app ``sign_in_log``."""

    name = "soundtrack_site.sign_in_log"
    verbose_name = "Sign-ins"
    default_auto_field = "django.db.models.BigAutoField"
