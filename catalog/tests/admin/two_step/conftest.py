"""Fixtures of two-step sign-in: the time of codes, and an editor with an app."""

from types import SimpleNamespace

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth

from catalog.tests.admin.two_step.authenticators import code_of

START = 1_772_366_400  # the start of a code's 30 seconds


class App:
    """An editor's authenticator app and recovery codes, and a clock for it."""

    def __init__(self, user):
        self.time, self.secret = START, auth.generate_totp_secret()
        self.authenticator = auth.TOTP.activate(user, self.secret).instance
        self.recovery_codes = RecoveryCodes.activate(user).generate_codes()

    def code(self, seconds=0):
        """The code that it shows so many seconds from now."""
        return code_of(self.secret, self.time + seconds)


@pytest.fixture
def app(editor, monkeypatch):
    """The app of ``editor``, whose clock only the test moves."""
    app = App(editor)
    monkeypatch.setattr(auth, "time", SimpleNamespace(time=lambda: app.time))
    return app
