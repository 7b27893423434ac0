"""Two-step sign-in for staff: codes of an authenticator app, passkeys and recovery codes, by django-allauth's MFA.

Nothing else of allauth is reachable: no sign-up, no sign-in by email, no password reset.
"""
