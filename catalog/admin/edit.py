"""Edits in the admin: what each edit changed, and undoing it."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Count, IntegerField, OuterRef, Subquery, When
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse

from catalog.admin.base import LOG_GROUP, ReadOnlyAdmin
from catalog.admin.history.confirmation import ConfirmedAction
from catalog.editing.permissions import may_publish
from catalog.history.diff import DiffBuilder, merge_changes_of_record
from catalog.history.revert import plan_undo
from catalog.models import Change, Edit

MAX_CHANGES_ON_PAGE = 300
# The changed record by which an edit is listed: one with a page before a part, citations and redirects last.
LABEL_RANK = Case(
    When(kind__in=("series", "season", "episode", "person", "company"), then=0),
    When(kind__in=("citation", "formerslug"), then=2),
    default=1,
    output_field=IntegerField(),
)


@admin.register(Edit)
class EditAdmin(ReadOnlyAdmin):
    """List of edits with user, time and summary, and a page per edit with its diffs."""

    sidebar_group, sidebar_position = LOG_GROUP, 1
    list_display = ("at", "by", "kind", "about", "reason", "changed")
    list_filter = ("at", "kind", ("user", admin.RelatedOnlyFieldListFilter))
    search_fields = ("by", "reason")
    ordering = ("-pk",)

    def get_queryset(self, request):
        """Annotate each edit with the label of its main record and the number of its changes."""
        changes = Change.objects.filter(edit=OuterRef("pk"))
        total = changes.order_by().values("edit").annotate(total=Count("pk")).values("total")
        label = changes.order_by(LABEL_RANK, "-pk").values("label")[:1]
        return super().get_queryset(request).annotate(label=Subquery(label), total=Subquery(total))

    @admin.display(description="about")
    def about(self, edit):
        """The label of the main record that it changed."""
        return edit.label or "–"

    @admin.display(description="changes")
    def changed(self, edit):
        """The number of its changes."""
        return edit.total or 0

    def get_urls(self):
        """Add the page that undoes an edit."""
        view = self.admin_site.admin_view(self.undo_view)
        return [path("<int:pk>/undo/", view, name="catalog_edit_undo"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show what the edit changed."""
        edit = self.get_object(request, object_id)
        if request.method == "POST" or not self.has_view_permission(request, edit):
            raise PermissionDenied
        if edit is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        changes = list(edit.changes.order_by("pk")[:MAX_CHANGES_ON_PAGE])
        context = self.admin_site.each_context(request) | {
            "title": str(edit),
            "opts": self.opts,
            "edit": edit,
            "diffs": DiffBuilder(merge_changes_of_record(changes), edit.subject).diffs(),
            "hidden_changes": edit.changes.count() - len(changes),
            "undone_by": edit.undoings.filter(undoings=None).first(),
            "may_undo": may_publish(request.user) or edit.user_id == request.user.pk,
        }
        return TemplateResponse(request, "admin/catalog/history/edit.html", context)

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Preview the undo of an edit, and undo it once confirmed."""
        edit = Edit.objects.filter(pk=pk).first()
        if edit is None:
            raise Http404
        if not self.has_view_permission(request, edit):
            raise PermissionDenied
        action = ConfirmedAction(
            title="Undo an edit",
            description=f"{edit}{f': {edit.reason}' if edit.reason else ''}. All its changes will be undone.",
            button="Undo",
            success_message="The edit was undone.",
            kind=Edit.Kind.UNDO,
            make_plan=lambda: plan_undo(edit),
            back_url=reverse("admin:catalog_edit_change", args=[edit.pk]),
            subject=edit.subject,
            undone=edit,
        )
        return action.respond(request)
