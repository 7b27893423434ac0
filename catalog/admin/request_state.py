"""What the parts of a ModelAdmin tell each other during one request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import Model
    from django.http import HttpRequest

    from catalog.admin.conflicts.conflict import MergeResult


@dataclass
class AdminRequestState:
    """State of one request to the admin. ``request_state`` returns it; nothing else is stored on the request."""

    merge_result: MergeResult | None = None  # None if nobody changed the record since the form was opened
    version_is_missing: bool = False  # the submitted form has no valid version
    is_saved: bool = False  # the form and its rows were saved; otherwise the transaction is rolled back
    series_id: int | None = None  # the series of the form's record: its characters are offered first
    long_inlines: list[Any] | None = None  # those with too many rows for the form; None before they are counted
    next_record: Model | None = None  # where "Save and next" leads

    @property
    def open_conflicts(self) -> list[Any]:
        """Conflicts that the editor has not decided yet."""
        return self.merge_result.open_conflicts if self.merge_result else []


def request_state(request: HttpRequest) -> AdminRequestState:
    """The state of this request; created at the first call."""
    if not hasattr(request, "admin_state"):
        request.admin_state = AdminRequestState()  # type: ignore[attr-defined]
    state: AdminRequestState = request.admin_state  # type: ignore[attr-defined]
    return state
