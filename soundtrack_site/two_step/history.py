"""What was added to and removed from two-step sign-in, in the history of the account and in the site's log."""

import logging

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.admin.models import CHANGE, LogEntry
from django.dispatch import receiver

logger = logging.getLogger(__name__)
NAMES = {
    Authenticator.Type.TOTP: "an authenticator app",
    Authenticator.Type.WEBAUTHN: "a passkey",
    Authenticator.Type.RECOVERY_CODES: "recovery codes",
}


def log(account, message: str, by=None) -> None:
    """Store the message in the history of the account; ``by`` is the account that did it, if not the account itself."""
    LogEntry.objects.log_actions((by or account).pk, [account], CHANGE, change_message=f"Two-step sign-in: {message}")
    logger.warning("Two-step sign-in of account %s, by account %s: %s", account.pk, (by or account).pk, message)


@receiver(authenticator_added)
def log_added(sender, user, authenticator, **kwargs) -> None:
    """Receiver: something was added by its owner."""
    log(user, f"added {NAMES[authenticator.type]}.")


@receiver(authenticator_removed)
def log_removed(sender, user, authenticator, **kwargs) -> None:
    """Receiver: something was removed by its owner."""
    log(user, f"removed {NAMES[authenticator.type]}.")


@receiver(authenticator_reset)
def log_reset(sender, user, **kwargs) -> None:
    """Receiver: the owner made new recovery codes."""
    log(user, "made new recovery codes.")


def remove_second_step(account, by=None, remover: str = "an administrator") -> bool:
    """Remove the app, passkeys and recovery codes of an account that lost them. False if it had none."""
    count, _ = Authenticator.objects.filter(user=account).delete()
    if count:
        log(account, f"all removed by {remover}.", by)
    return bool(count)
