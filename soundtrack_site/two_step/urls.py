"""Addresses of two-step sign-in, below that of the admin. The names are those that allauth looks for."""

from django.contrib import admin
from django.urls import path

from soundtrack_site.admin_site import answer_refusals
from soundtrack_site.two_step import views
from soundtrack_site.two_step.requirement import open_before_second_step


def page(view):
    """A page for staff, whether or not they have a second step yet."""
    return admin.site.admin_view(open_before_second_step(view.as_view()))


urlpatterns = [
    path("login/", admin.site.login, name="account_login"),
    path("login/second-step/", answer_refusals(views.SecondStepPage.as_view()), name="mfa_authenticate"),
    path("login/passkey/", answer_refusals(views.PasskeySignIn.as_view()), name="mfa_login_webauthn"),
    path("two-step/", page(views.OverviewPage), name="mfa_index"),
    path("two-step/password/", answer_refusals(page(views.PasswordPage)), name="account_reauthenticate"),
    path("two-step/app/add/", page(views.AddAppPage), name="mfa_activate_totp"),
    path("two-step/app/remove/", page(views.RemoveAppPage), name="mfa_deactivate_totp"),
    path("two-step/codes/", page(views.CodesPage), name="mfa_view_recovery_codes"),
    path("two-step/codes/new/", page(views.NewCodesPage), name="mfa_generate_recovery_codes"),
    path("two-step/passkeys/add/", page(views.AddPasskeyPage), name="mfa_add_webauthn"),
    path("two-step/passkeys/<int:pk>/", page(views.RenamePasskeyPage), name="mfa_edit_webauthn"),
    path("two-step/passkeys/<int:pk>/remove/", page(views.RemovePasskeyPage), name="mfa_remove_webauthn"),
]
