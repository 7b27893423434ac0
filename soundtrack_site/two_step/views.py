"""The pages of two-step sign-in: allauth's views in the look of the admin."""

from allauth.account.views import ReauthenticateView
from allauth.mfa.base import views as base_views
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as code_views
from allauth.mfa.totp import views as app_views
from allauth.mfa.webauthn import views as passkey_views
from allauth.mfa.webauthn.internal import auth as passkeys
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse, reverse_lazy
from django.views.generic.base import ContextMixin

from soundtrack_site.two_step import forms, requirement, steps


class AdminPage(ContextMixin):
    """A page of the admin."""

    request: HttpRequest

    title = ""

    def get_context_data(self, **kwargs):
        """The context of allauth's page and of every page of the admin.

        An account that has to add a second step first gets no sidebar, since all links in it lead to here.
        """
        context = admin.site.each_context(self.request) | {"title": self.title} | super().get_context_data(**kwargs)
        user = self.request.user
        context["must_add"] = user.is_authenticated and requirement.must_add_second_step(user)
        context["is_nav_sidebar_enabled"] = context["is_nav_sidebar_enabled"] and not context["must_add"]
        return context


class OverviewPage(AdminPage, base_views.IndexView):
    """What the account has: app, passkeys, recovery codes."""

    title = "Two-step sign-in"
    template_name = "admin/two_step/overview.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        authenticators = context.pop("authenticators")
        codes = authenticators.get(Authenticator.Type.RECOVERY_CODES)
        context |= {"app": authenticators.get(Authenticator.Type.TOTP), "recovery_codes": codes}
        context["passkeys"] = [passkey.instance for passkey in authenticators.get(Authenticator.Type.WEBAUTHN, [])]
        try:
            context["unused_count"] = len(codes.get_unused_codes()) if codes else 0
        except InvalidToken:
            context["unreadable"] = forms.UNREADABLE
        return context


class PasswordPage(AdminPage, ReauthenticateView):
    """Asks for the password before anything is changed."""

    title = "Enter your password again"
    form_class = forms.PasswordForm
    template_name = "admin/two_step/form.html"
    extra_context = {"introduction": "Two-step sign-in is changed with your password only.", "button": "Continue"}

    def form_valid(self, form):
        steps.record_password(self.request, self.request.user)
        return super(ReauthenticateView, self).form_valid(form)


class AddAppPage(AdminPage, app_views.ActivateTOTPView):
    """The QR code and the key of a new app."""

    title = "Add an authenticator app"
    form_class = forms.AddAppForm
    template_name = "admin/two_step/add_app.html"

    def form_valid(self, form):
        response = super().form_valid(form)
        forms.use_code(self.request.user, form.cleaned_data["code"])  # nobody who saw it signs in with it
        return response


class RemoveAppPage(AdminPage, app_views.DeactivateTOTPView):
    """Asks whether the app is to be removed."""

    title = "Remove the authenticator app"
    template_name = "admin/two_step/form.html"
    extra_context = {
        "introduction": "Its codes will no longer be accepted. Without a passkey, your recovery codes end with it.",
        "button": "Remove the app",
        "is_deletion": True,
    }


class CodesPage(AdminPage, code_views.ViewRecoveryCodesView):
    """The recovery codes that were not used yet."""

    title = "Recovery codes"
    template_name = "admin/two_step/codes.html"

    def get(self, request, *args, **kwargs):
        try:
            return super().get(request, *args, **kwargs)
        except InvalidToken:
            messages.error(request, forms.UNREADABLE)
            return HttpResponseRedirect(reverse("mfa_index"))


class NewCodesPage(AdminPage, code_views.GenerateRecoveryCodesView):
    """Asks whether new recovery codes are to replace the present ones."""

    title = "Make new recovery codes"
    template_name = "admin/two_step/form.html"
    extra_context = {"introduction": "The present codes will no longer be accepted.", "button": "Make new codes"}

    def get_context_data(self, **kwargs):
        try:
            return super().get_context_data(**kwargs)
        except InvalidToken:  # they cannot be counted, but replaced
            return super(code_views.GenerateRecoveryCodesView, self).get_context_data(**kwargs)


class AddPasskeyPage(AdminPage, passkey_views.AddWebAuthnView):
    """Has the browser make a passkey."""

    title = "Add a passkey"
    form_class = forms.AddPasskeyForm
    template_name = "admin/two_step/add_passkey.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["js_data"] = {"creation_options": passkeys.begin_registration(self.request.user, True)}
        return context


class RenamePasskeyPage(AdminPage, passkey_views.EditWebAuthnView):
    """Another name for a passkey."""

    title = "Rename a passkey"
    form_class = forms.RenamePasskeyForm
    template_name = "admin/two_step/form.html"
    success_url = reverse_lazy("mfa_index")
    extra_context = {"button": "Save"}


class RemovePasskeyPage(AdminPage, passkey_views.RemoveWebAuthnView):
    """Asks whether a passkey is to be removed."""

    title = "Remove a passkey"
    template_name = "admin/two_step/form.html"
    success_url = reverse_lazy("mfa_index")
    extra_context = {
        "introduction": "You will no longer sign in with it. Delete it on your device too, where it stays stored.",
        "button": "Remove the passkey",
        "is_deletion": True,
    }


class SecondStepPage(AdminPage, base_views.AuthenticateView):
    """Asks for a code or a passkey after the right password."""

    title = "Second step"
    form_class = forms.CodeForm
    webauthn_form_class = forms.PasskeyForm
    template_name = "admin/two_step/second_step.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        types = Authenticator.objects.filter(user=self.stage.login.user).values_list("type", flat=True)
        context["has_passkey"] = Authenticator.Type.WEBAUTHN in types
        context["has_app"] = Authenticator.Type.TOTP in types
        return context


class PasskeySignIn(passkey_views.LoginWebAuthnView):
    """Signs in with a passkey alone. A GET by the script of the sign-in page returns what the browser needs for it."""

    form_class = forms.PasskeyOnlyForm

    def get(self, request, *args, **kwargs):
        if settings.READ_ONLY:  # the challenge would be stored in a session
            return HttpResponse(status=503, headers={"Retry-After": "600"})
        return super().get(request, *args, **kwargs)
