"""Edits: every act of every editor, to be read and undone."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Count, IntegerField, OuterRef, Subquery, When
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path, reverse

from catalog.admin.base import ReadOnlyAdmin
from catalog.admin.history.confirmation import ConfirmedAction
from catalog.editing.permissions import may_publish
from catalog.history.diff import DiffBuilder, merge_changes_of_record
from catalog.history.revert import plan_undo, undo
from catalog.history.write_rows import preview_rows
from catalog.models import Change, Edit

SHOWN = 300  # changes on the page of one edit
# What an edit is about: of all that it changed, a record with a page rather than a part, a citation last.
RANK = Case(
    When(kind__in=("series", "season", "episode", "person", "company"), then=0),
    When(kind__in=("citation", "formerslug"), then=2),
    default=1,
    output_field=IntegerField(),
)


@admin.register(Edit)
class EditAdmin(ReadOnlyAdmin):
    """Who did what, when and why."""

    list_display = ("at", "by", "kind", "about", "reason", "changed")
    list_filter = ("at", "kind", ("user", admin.RelatedOnlyFieldListFilter))
    search_fields = ("by", "reason")
    ordering = ("-pk",)

    def get_queryset(self, request):
        """Each with the name of what it is about, and how much it changed."""
        entries = Change.objects.filter(edit=OuterRef("pk"))
        total = entries.order_by().values("edit").annotate(total=Count("pk")).values("total")
        label = entries.order_by(RANK, "-pk").values("label")[:1]
        return super().get_queryset(request).annotate(label=Subquery(label), total=Subquery(total))

    @admin.display(description="about")
    def about(self, edit):
        """What it changed, or the chief of it."""
        return edit.label or "–"

    @admin.display(description="changes")
    def changed(self, edit):
        """How much it changed."""
        return edit.total or 0

    def get_urls(self):
        """The confirmation of undoing besides."""
        view = self.admin_site.admin_view(self.undo_view)
        return [path("<int:pk>/undo/", view, name="catalog_edit_undo"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """All that it did."""
        edit = self.get_object(request, object_id)
        if request.method == "POST" or not self.has_view_permission(request, edit):
            raise PermissionDenied
        if edit is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        changes = list(edit.changes.order_by("pk")[:SHOWN])
        context = self.admin_site.each_context(request) | {
            "title": str(edit),
            "opts": self.opts,
            "edit": edit,
            "entries": DiffBuilder(merge_changes_of_record(changes), edit.subject).entries(),
            "others": edit.changes.count() - len(changes),
            "undone_by": edit.undoings.filter(undoings=None).first(),
            "may_undo": may_publish(request.user) or edit.user_id == request.user.pk,
        }
        return TemplateResponse(request, "admin/catalog/history/edit.html", context)

    def undo_view(self, request, pk):
        """Take it back."""
        edit = Edit.objects.filter(pk=pk).first()
        if edit is None:
            raise Http404
        if not self.has_view_permission(request, edit):
            raise PermissionDenied

        def plan():
            wanted, tied, labels, reasons = plan_undo(edit)
            return preview_rows(wanted, tied, labels), reasons

        deed = ConfirmedAction(
            title="Undo an edit",
            lead=f"{edit}{f': {edit.reason}' if edit.reason else ''}. All of it is taken back.",
            button="Undo it",
            done="It is undone.",
            kind=Edit.Kind.UNDO,
            plan=plan,
            do=lambda: undo(edit),
            back=reverse("admin:catalog_edit_change", args=[edit.pk]),
            itself=edit.subject,
            undone=edit,
        )
        return deed.respond(request, self.opts)
