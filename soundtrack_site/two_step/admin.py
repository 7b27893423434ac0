"""Accounts in the admin, with their two-step sign-in. allauth's own tables have no page: they hold secrets."""

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef

from soundtrack_site.two_step.history import remove_second_step

for model in (Authenticator, EmailAddress, User):
    admin.site.unregister(model)


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Django's, with a column and an action."""

    list_display = ("username", "email", "first_name", "last_name", "is_staff", "two_step_sign_in")
    actions = ("remove_two_step_sign_in",)

    def get_queryset(self, request):
        authenticators = Authenticator.objects.filter(user=OuterRef("pk"))
        return super().get_queryset(request).annotate(has_two_step=Exists(authenticators))

    @admin.display(description="two-step sign-in", boolean=True, ordering="has_two_step")
    def two_step_sign_in(self, user):
        return user.has_two_step

    @admin.action(description="Remove two-step sign-in", permissions=["change"])
    def remove_two_step_sign_in(self, request, accounts):
        """Remove app, passkeys and recovery codes of accounts that lost them, after the administrator's password."""
        raise_if_reauthentication_required(request, app="allauth.mfa")
        names = [user.get_username() for user in accounts if remove_second_step(user, by=request.user)]
        if names:
            text = f"Removed two-step sign-in of {', '.join(names)}. They now sign in with their password only."
            self.message_user(request, text, messages.SUCCESS)
        else:
            text = "Nothing was removed: none of these accounts has two-step sign-in."
            self.message_user(request, text, messages.WARNING)
