"""From the right password or passkey to a session: allauth asks for the second step in between."""

from allauth.account.internal.flows.login import get_authentication_records, perform_login, record_authentication
from allauth.account.models import Login
from allauth.mfa.models import Authenticator
from django.contrib.auth import logout

from soundtrack_site.sign_in_log.models import SignIn

METHOD_OF_TYPE = {
    Authenticator.Type.TOTP: SignIn.Method.CODE,
    Authenticator.Type.RECOVERY_CODES: SignIn.Method.RECOVERY_CODE,
    Authenticator.Type.WEBAUTHN: SignIn.Method.PASSWORD_AND_PASSKEY,
}


def continue_after_password(request, user, redirect_url):
    """The response to the right password: the page of the second step, or the page to return to, signed in."""
    if request.user.is_authenticated:
        logout(request)  # the second step is for somebody who is not signed in yet
    record_password(request, user)
    return perform_login(request, Login(user=user, redirect_url=redirect_url))


def record_password(request, user):
    """Note in the session that the password was entered now, so that it is not asked for again for some minutes."""
    record_authentication(request, user, method="password", reauthenticated=True)


def method_of_sign_in(request, user) -> str:
    """By what the user signs in: the last record of the session that a sign-in made."""
    records = [record for record in get_authentication_records(request, user) if record["method"] == "mfa"]
    if not records:
        return SignIn.Method.PASSWORD
    return SignIn.Method.PASSKEY if records[-1].get("passwordless") else METHOD_OF_TYPE[records[-1]["type"]]
