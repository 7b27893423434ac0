"""The edit that a request makes: by whom, and why."""

from catalog.models import Edit, record_edit

EDIT_SUMMARY_FIELD = "_edit_summary"  # the field in which every form of the desk asks for it


def edit_summary(request):
    """What was typed for the reason."""
    return request.POST.get(EDIT_SUMMARY_FIELD, "").replace("\x00", "").strip()


def record_request_edit(request, kind=Edit.Kind.FORM, default_summary="", **more):
    """The edit of a request; ``otherwise`` is its reason when none was typed. More is what ``editing`` takes."""
    return record_edit(user=request.user, reason=edit_summary(request) or default_summary, kind=kind, **more)
