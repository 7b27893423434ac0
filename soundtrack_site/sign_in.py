"""Limits on signing in: failed attempts are counted by django-axes, passwords are hashed one at a time.

The response to a refused attempt is in ``soundtrack_site.admin_site.CatalogAdminSite.login``.
"""

from ipaddress import IPv6Address, ip_address, ip_network

from axes.attempts import get_cool_off_threshold
from axes.backends import AxesBackend
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username, get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.backends import ModelBackend

from soundtrack_site.hash_slot import hash_slot

IPV6_PREFIX = 64  # bits: the smallest network that a customer is usually given


class PasswordBackend(AxesBackend):
    """Django's ModelBackend behind the limits on failed attempts and on simultaneous hashes."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        """Return the user, or None for a wrong name or password.

        Raises PermissionDenied, without hashing, after too many failures, and PasswordCheckBusy while another password
        is being hashed. Names with and without an account are treated alike. Scripts and tests that authenticate
        without a request have no address, so their failures are not counted.
        """
        if request is not None:
            super().authenticate(request, username, password, **kwargs)  # checks the limits, never returns a user
        with hash_slot():
            return ModelBackend.authenticate(self, request, username, password, **kwargs)


class SignInAttempts(AxesDatabaseHandler):
    """Failed attempts in axes' table, with a second, higher limit for an address over all accounts.

    axes knows one limit only. What it counts (AXES_LOCKOUT_PARAMETERS) is account and address together, and so is what
    it resets after a success: otherwise anybody with an account could reset the count of their address by signing in,
    and go on guessing the passwords of others.
    """

    def is_locked(self, request, credentials=None):
        """Return True if an attempt is refused now."""
        return self.locked_until(request, credentials) is not None

    def locked_until(self, request, credentials=None):
        """Return when attempts will be accepted again, or None if they are accepted now.

        A row of the table expires as a whole, one cool-off time after its last failure. The lock ends with the row
        that takes the number of remaining failures below the limit. One query; an address has hardly more rows than
        its limit, since later attempts are refused and not counted.
        """
        attempts = AccessAttempt.objects.filter(
            ip_address=request.axes_ip_address, attempt_time__gt=get_cool_off_threshold(request)
        ).order_by("attempt_time")
        username = get_client_username(request, credentials)
        of_address = list(attempts.values_list("username", "attempt_time", "failures_since_start"))
        of_account = [attempt for attempt in of_address if attempt[0] == username]
        expired_by = []
        limits = (of_account, settings.AXES_FAILURE_LIMIT), (of_address, settings.SIGN_IN_ADDRESS_LIMIT)
        for rows, limit in limits:
            remaining = sum(failures for _, _, failures in rows)
            for _, last_failure, failures in rows:
                if remaining >= limit:
                    remaining -= failures
                    expired_by.append(last_failure)
        return max(expired_by) + get_cool_off(request) if expired_by else None

    def user_login_failed(self, sender, credentials, request=None, **kwargs):
        """Count a failure; for the page, note on the request until when the next attempts are refused.

        A refused attempt writes nothing: axes would delete expired rows, for which SQLite waits until an import that
        runs at the time has ended.
        """
        if request is None:
            return
        if not request.axes_locked_out:
            super().user_login_failed(sender, credentials, request, **kwargs)
        if request.axes_locked_out:
            request.sign_in_locked_until = self.locked_until(request, credentials)


def client_address(request):
    """Return the address by which failures are counted: REMOTE_ADDR, or its /64 network for IPv6.

    One customer has 2**64 addresses of IPv6 to try from. None if there is no address: a Unix socket, a script.
    """
    try:
        address = ip_address(request.META.get("REMOTE_ADDR") or "")
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or ip_network((int(address), IPV6_PREFIX), strict=False).network_address
    return str(address)
