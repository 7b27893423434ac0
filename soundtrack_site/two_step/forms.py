"""Forms of two-step sign-in: allauth's, with limits on guesses, and fields that take any input without an error."""

import logging

from allauth.account.forms import ReauthenticateForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, EditWebAuthnForm, LoginWebAuthnForm
from cryptography.fernet import InvalidToken
from django import forms
from django.db import DatabaseError, transaction
from django.utils.crypto import constant_time_compare

from soundtrack_site import sign_in
from soundtrack_site.sign_in_log.models import SignIn

logger = logging.getLogger(__name__)
MAX_CODE_LENGTH = 20
MAX_CREDENTIAL_LENGTH = 20_000  # characters; a passkey of a phone with its certificates has about 2,000
MAX_NAME_LENGTH = 60
NOT_ACCEPTED = "That passkey was not accepted. Try again, or use another one."
UNREADABLE = (
    "The codes of this account cannot be checked, because the secret key of the site was changed. "
    "Use a passkey, or ask an administrator to remove two-step sign-in from your account."
)


class CredentialField(forms.JSONField):
    """What the browser returns for a passkey: a JSON object of limited size, without NUL characters."""

    widget = forms.HiddenInput
    default_error_messages = {"required": "The browser sent no passkey. Use the button.", "invalid": NOT_ACCEPTED}

    def to_python(self, value):
        if isinstance(value, str) and (len(value) > MAX_CREDENTIAL_LENGTH or "\\u0000" in value):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            credential = super().to_python(value)
        except RecursionError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error
        if credential is not None and not isinstance(credential, dict):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return credential


def check_passkey(check):
    """Call ``check``; whatever error it or the parsers raise, the passkey was not accepted. An outage is raised."""
    try:
        return check()
    except DatabaseError:
        raise
    except Exception as error:  # besides ValidationError any of CBOR, keys and signatures, sent by anybody
        logger.info("A passkey was not accepted: %r", error)
        raise forms.ValidationError(NOT_ACCEPTED) from error


class PasswordForm(ReauthenticateForm):
    """The password again, under the limits of the sign-in."""

    password = forms.CharField(
        strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True})
    )

    def clean_password(self):
        password = self.cleaned_data["password"]
        if not sign_in.is_password_of(self.user, password, context.request):
            raise forms.ValidationError("That is not your password.")
        return password


class CodeForm(AuthenticateForm):
    """A code of the app, or a recovery code. Each works once, in whichever worker processes it is tried."""

    code = forms.CharField(
        max_length=MAX_CODE_LENGTH,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "autocapitalize": "off", "spellcheck": "false"}
        ),
    )

    def clean_code(self):
        request, name = context.request, self.user.get_username()
        sign_in.refuse_if_locked(request, name, SignIn.Method.CODE)
        code = "".join(self.cleaned_data["code"].split())
        try:
            self.authenticator = use_code(self.user, code)
        except InvalidToken as error:
            raise forms.ValidationError(UNREADABLE) from error
        if self.authenticator is None:
            sign_in.count_failure(request, name, SignIn.Method.CODE)
            raise get_adapter().validation_error("incorrect_code")
        return code


@transaction.atomic
def use_code(user, code: str) -> Authenticator | None:
    """What accepts the code, which is used up by that, or None."""
    types = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
    for authenticator in Authenticator.objects.select_for_update().filter(user=user, type__in=types).order_by("-type"):
        accepts = use_app_code if authenticator.type == Authenticator.Type.TOTP else use_recovery_code
        if accepts(authenticator, code):
            authenticator.user = user
            return authenticator
    return None


def use_recovery_code(authenticator: Authenticator, code: str) -> bool:
    """Whether it is a recovery code that was not used before."""
    return authenticator.wrap().validate_code(code)


def use_app_code(authenticator: Authenticator, code: str) -> bool:
    """Whether it is a code of the app for now, and later than the last one that was used.

    allauth notes used codes in the cache, which worker processes need not share.
    """
    secret = get_adapter().decrypt(authenticator.data["secret"])
    for counter in yield_hotp_counters_from_time():
        if counter <= authenticator.data.get("last_counter", 0):
            continue
        if constant_time_compare(code, format_hotp_value(hotp_value(secret, counter))):
            authenticator.data["last_counter"] = counter
            authenticator.save(update_fields=["data"])
            return True
    return False


class PasskeyForm(AuthenticateWebAuthnForm):
    """A passkey as the second step."""

    credential = CredentialField()

    def clean_credential(self):
        request, name = context.request, self.user.get_username()
        sign_in.refuse_if_locked(request, name, SignIn.Method.PASSWORD_AND_PASSKEY)
        try:
            return check_passkey(super().clean_credential)
        except forms.ValidationError:
            sign_in.count_failure(request, name, SignIn.Method.PASSWORD_AND_PASSKEY)
            raise


class PasskeyOnlyForm(LoginWebAuthnForm):
    """A passkey instead of the password. Failures count for no account: what is sent names one, but proves nothing."""

    credential = CredentialField()

    def clean_credential(self):
        sign_in.refuse_if_locked(context.request, "", SignIn.Method.PASSKEY)
        try:
            authenticator = check_passkey(super().clean_credential)
            if not (authenticator.user.is_active and authenticator.user.is_staff):
                raise forms.ValidationError(NOT_ACCEPTED)
        except forms.ValidationError:
            sign_in.count_failure(context.request, "", SignIn.Method.PASSKEY)
            raise
        return authenticator


class AddAppForm(ActivateTOTPForm):
    """The first code of an app, which proves that the app was set up."""

    code = forms.CharField(
        label="Code that the app shows",
        max_length=MAX_CODE_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class AddPasskeyForm(AddWebAuthnForm):
    """A new passkey, always one that can be used without the password."""

    name = forms.CharField(required=False, max_length=MAX_NAME_LENGTH)
    credential = CredentialField()
    passwordless = None

    def clean(self):
        self.cleaned_data["passwordless"] = True  # the device must have checked a PIN, finger or face
        return check_passkey(super().clean)


class RenamePasskeyForm(EditWebAuthnForm):
    """Another name."""

    name = forms.CharField(max_length=MAX_NAME_LENGTH)
