"""The edit that a request makes: by whom, and why."""

from catalog.models import Edit, editing

WHY = "_why"  # the field in which every form of the desk asks for it


def why(request):
    """What was typed for the reason."""
    return request.POST.get(WHY, "").replace("\x00", "").strip()


def act_of(request, kind=Edit.Kind.FORM, otherwise="", **more):
    """The edit of a request; ``otherwise`` is its reason when none was typed. More is what ``editing`` takes."""
    return editing(user=request.user, reason=why(request) or otherwise, kind=kind, **more)
