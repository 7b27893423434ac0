"""The settings of signing in, of django-axes and of django-allauth. None depends on the environment."""

from datetime import timedelta

# Limits on signing in (soundtrack_site/sign_in.py). Failed attempts are counted by account and address together, and
# with a higher limit by address alone; never by account alone, since then anybody could lock an editor out. All
# attempts from one address are limited as well, before anything is read for them (soundtrack_site/sign_in_gate.py).
AUTHENTICATION_BACKENDS = ["soundtrack_site.sign_in.PasswordBackend"]
AXES_HANDLER = "soundtrack_site.sign_in.SignInAttempts"
AXES_CLIENT_IP_CALLABLE = "soundtrack_site.client_address.client_address"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
SIGN_IN_ADDRESS_LIMIT = 20
SIGN_IN_ATTEMPTS_PER_MINUTE = 30  # for each worker process
CODE_FAILURE_LIMIT = 5  # wrong codes of the second step of one account, from all addresses
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # a refused attempt neither counts nor prolongs the lock
AXES_DISABLE_ACCESS_LOG = True  # soundtrack_site.sign_in_log has failures and successes in one list
AXES_ENABLE_ADMIN = False  # manage.py axes_list_attempts, axes_reset_ip and axes_reset_username instead
AXES_VERBOSE = False  # no line at every start of manage.py
AXES_SENSITIVE_PARAMETERS = ["username"]  # not logged: people type their password there; the address is logged

# Two-step sign-in (soundtrack_site/two_step). Of allauth only this is used; its own limits are in the cache, which
# worker processes need not share, so those above apply instead.
LOGIN_URL = "admin:login"
ACCOUNT_ADAPTER = "soundtrack_site.two_step.adapters.AccountAdapter"
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_LOGIN_TIMEOUT = ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds: for the second step, between two passwords
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
MFA_ADAPTER = "soundtrack_site.two_step.adapters.TwoStepAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_SUPPORTED_TYPES = ["recovery_codes", "totp", "webauthn"]
MFA_TOTP_TOLERANCE = 1  # a code of 30 seconds before or after, for phones whose clock is not exact
MFA_WEBAUTHN_USER_VERIFICATION = "required"
