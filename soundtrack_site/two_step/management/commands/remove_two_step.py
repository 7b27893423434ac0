"""Removes two-step sign-in of an account whose owner lost it."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from soundtrack_site.two_step.history import remove_second_step


class Command(BaseCommand):
    """``manage.py remove_two_step NAME``."""

    help = (
        "Remove the authenticator app, passkeys and recovery codes of an account, which then needs its password only."
    )

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *args, **options):
        name = options["username"]
        account = get_user_model().objects.filter(username=name).first()
        if account is None:
            raise CommandError(f"There is no account {name}")
        if not remove_second_step(account, remover="manage.py remove_two_step"):
            raise CommandError(f"{name} has no two-step sign-in")
        self.stdout.write(f"Removed two-step sign-in of {name}")
