"""The table of attempts to sign in."""

from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import models
from django.utils import timezone

LOG_DAYS = 90
MAX_FAILURES = 100_000  # rows of failed attempts; a flood must not fill the disk


class SignInQuerySet(models.QuerySet):
    """Querysets of attempts."""

    def log(self, username: str, address: str | None, outcome: str, method: str = "password") -> None:
        """Store an attempt, and delete expired ones.

        The name is stored only if there is such an account: people type their password into the wrong field.
        """
        account = username if get_user_model().objects.filter(username=username).exists() else ""
        now = timezone.now()
        attempt = self.create(time=now, username=account, address=address or "", outcome=outcome, method=method)
        self.filter(time__lt=now - timedelta(days=LOG_DAYS)).delete()
        failures = self.exclude(outcome=SignIn.Outcome.SUCCEEDED)
        failures.filter(pk__lte=attempt.pk - MAX_FAILURES).delete()

    def failed_codes(self, username: str, since: datetime) -> list[datetime]:
        """When codes of the account's second step were wrong, from whichever address, the first one first."""
        failures = self.filter(username=username, method=SignIn.Method.CODE, time__gt=since)
        failures = failures.exclude(outcome=SignIn.Outcome.SUCCEEDED)
        return list(failures.order_by("pk").values_list("time", flat=True))

    def has_signed_in(self, address: str | None, username: str | None = None) -> bool:
        """Whether somebody, or the account of that name, has signed in from the address while the log goes back."""
        attempts = self.filter(address=address or "", outcome=SignIn.Outcome.SUCCEEDED)
        return bool(address) and (attempts if username is None else attempts.filter(username=username)).exists()


class SignIn(models.Model):
    """An attempt to sign in whose password, code or passkey was checked."""

    class Outcome(models.TextChoices):
        """What came of it."""

        SUCCEEDED = "succeeded", "Signed in"
        FAILED = "failed", "Failed"
        LOCKED = "locked", "Failed, and locked out"

    class Method(models.TextChoices):
        """By what somebody signed in, or which step failed."""

        PASSWORD = "password", "Password"
        CODE = "code", "Password and code"
        RECOVERY_CODE = "recovery_code", "Password and recovery code"
        PASSWORD_AND_PASSKEY = "password_passkey", "Password and passkey"
        PASSKEY = "passkey", "Passkey"

    time = models.DateTimeField(db_index=True)
    username = models.CharField("account", max_length=150, blank=True)
    address = models.CharField(max_length=39, blank=True)
    outcome = models.CharField(max_length=9, choices=Outcome)
    method = models.CharField(max_length=16, choices=Method, default=Method.PASSWORD, db_default=Method.PASSWORD)

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = "sign-in"
        ordering = ["-pk"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["address", "outcome"], name="sign_in_address"),
            models.Index(fields=["username", "time"], name="sign_in_account"),
        ]

    def __str__(self):
        return f"{self.username or 'no account'}, {self.get_outcome_display().lower()}"
