"""Which accounts need a second step: the members of ``MFA_REQUIRED_GROUPS``, and with any such group all superusers."""

from functools import wraps

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.checks import Tags, register
from django.core.checks import Warning as CheckWarning
from django.http import HttpResponseRedirect
from django.urls import reverse


def is_required(user) -> bool:
    """Whether the account needs a second step. A superuser may do everything that a group may, so needs one too."""
    groups = settings.MFA_REQUIRED_GROUPS
    return bool(groups) and (user.is_superuser or user.groups.filter(name__in=groups).exists())


def has_second_step(user) -> bool:
    """Whether the account has an app or a passkey. Recovery codes are only kept beside one of them."""
    return Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def must_add_second_step(user) -> bool:
    """Whether the account may do nothing in the admin before a second step was added."""
    return is_required(user) and not has_second_step(user)


def require_second_step(view):
    """Wrap an admin view: an account that needs a second step and has none is led to the page where one is added."""

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        if must_add_second_step(request.user):
            return HttpResponseRedirect(reverse("mfa_index"))
        return view(request, *args, **kwargs)

    return wrapper


def open_before_second_step(view):
    """Mark a view that ``require_second_step`` is not applied to."""
    view.is_open_before_second_step = True
    return view


@register(Tags.database)
def check_groups(app_configs=None, databases=None, **kwargs):
    """Warn of names in ``MFA_REQUIRED_GROUPS`` that no group has: nobody would need a second step because of them."""
    if not databases or not settings.MFA_REQUIRED_GROUPS:
        return []
    names = Group.objects.filter(name__in=settings.MFA_REQUIRED_GROUPS).values_list("name", flat=True)
    missing = sorted(set(settings.MFA_REQUIRED_GROUPS) - set(names))
    text = "MFA_REQUIRED_GROUPS: there is no group {!r}, so it makes nobody use two-step sign-in"
    return [CheckWarning(text.format(name), id="two_step.W001") for name in missing]
