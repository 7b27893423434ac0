"""The log in the admin: nobody can change it."""

from django.contrib import admin

from soundtrack_site.admin_site import SORT_LAST
from soundtrack_site.sign_in_log.models import SignIn


@admin.register(SignIn)
class SignInAdmin(admin.ModelAdmin):
    """All attempts, the newest first."""

    list_display = ("time", "account", "address", "outcome", "method")
    list_filter = ("outcome", "method", "time")
    search_fields = ("username", "address")
    list_display_links = None
    sidebar_group = (SORT_LAST, "Authentication and Authorization")
    show_full_result_count = False

    @admin.display(description="account", ordering="username")
    def account(self, attempt):
        """The account, or that there is none of the name."""
        return attempt.username or "no such account"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
