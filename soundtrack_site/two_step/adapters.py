"""How allauth behaves on this site: its messages, limits, secrets and the host that passkeys belong to."""

import base64
import hashlib
from functools import cache
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http.request import split_domain_port
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from soundtrack_site.client_address import client_address

MESSAGES = {
    "mfa/messages/totp_activated.txt": "The authenticator app was added.",
    "mfa/messages/totp_deactivated.txt": "The authenticator app was removed.",
    "mfa/messages/webauthn_added.txt": "The passkey was added.",
    "mfa/messages/webauthn_removed.txt": "The passkey was removed.",
    "mfa/messages/recovery_codes_generated.txt": "You have new recovery codes. Print them or write them down.",
}


class AccountAdapter(DefaultAccountAdapter):
    """The part of allauth that signs in; passwords are checked by ``soundtrack_site.sign_in`` before."""

    def login(self, request, user):
        """Sign in. An account that was closed since its password was checked stays out."""
        if not (user.is_active and user.is_staff):
            raise PermissionDenied
        super().login(request, user)

    def is_open_for_signup(self, request):
        return False

    def get_login_stages(self):
        return ["allauth.mfa.stages.AuthenticateStage"]

    def get_reauthentication_methods(self, user):
        """Whoever changes two-step sign-in enters the password again."""
        return [{"id": "reauthenticate", "url": reverse("account_reauthenticate")}] if user.is_authenticated else []

    def get_client_ip(self, request):
        return client_address(request) or ""

    def is_safe_url(self, url):
        """Only addresses of this host, as for Django's own sign-in."""
        host = self.request.get_host()
        return url_has_allowed_host_and_scheme(url, allowed_hosts={host}, require_https=self.request.is_secure())

    def add_message(self, request, level, message_template=None, message_context=None, extra_tags="", message=None):
        """Add a message in the site's own words, or none."""
        text = message or MESSAGES.get(message_template or "")
        if text:
            messages.add_message(request, level, text, extra_tags=extra_tags)


class TwoStepAdapter(DefaultMFAAdapter):
    """The part of allauth with apps, passkeys and recovery codes."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That code was not accepted. Enter the one that the app shows now."
    }

    def encrypt(self, text):
        return _cipher(settings.SECRET_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        """The secret. Raises cryptography.fernet.InvalidToken if it was encrypted with another SECRET_KEY."""
        return _cipher(settings.SECRET_KEY).decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self):
        return settings.SITE_NAME

    def get_totp_label(self, user):
        return user.get_username()

    def generate_authenticator_name(self, user, type):
        count = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {count + 1}"

    def get_public_key_credential_rp_entity(self):
        """The host that new passkeys belong to: that of SITE_URL, which its subdomains share, or the requested one."""
        requested = split_domain_port(context.request.get_host())[0]
        host = urlsplit(settings.SITE_URL).hostname or ""
        is_shared = requested == host or requested.endswith(f".{host}")
        return {"id": host if is_shared else requested, "name": settings.SITE_NAME}


@cache
def _cipher(secret_key: str) -> Fernet:
    """The cipher of secrets, from a key that is derived from SECRET_KEY."""
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"two-step sign-in:" + secret_key.encode()).digest()))
