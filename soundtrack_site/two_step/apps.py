"""The Django app of two-step sign-in."""

from importlib import import_module

from django.apps import AppConfig


class TwoStepConfig(AppConfig):
    """The app ``two_step``: its command, its check, and the history of accounts."""

    name = "soundtrack_site.two_step"
    verbose_name = "Two-step sign-in"

    def ready(self):
        """Connect the receivers and register the check; their modules need the models to be loaded."""
        import_module("soundtrack_site.two_step.history")
        import_module("soundtrack_site.two_step.requirement")
