"""The ModelAdmin of imports from sources: their list, the form that collects sources, the pages of the review."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from catalog.admin.base import MAIN_GROUP, admin_link
from catalog.admin.conflicts.field_values import parse_key
from catalog.admin.edits import record_request_edit
from catalog.admin.history.confirmation import FINGERPRINT_FIELD
from catalog.admin.source_import.forms import SourcesForm, kind_label
from catalog.admin.source_import.links import may_import
from catalog.admin.source_import.result_message import result_message
from catalog.admin.source_import.review import ONLY_OPEN, ImportReview, import_files, remove_file, set_series
from catalog.admin.source_import.review_context import is_undone, review_context
from catalog.editing.fingerprint import STALE_PREVIEW_MESSAGE
from catalog.editing.ingest.choices import ImportChoices
from catalog.editing.ingest.result import ImportResult
from catalog.editing.ingest.write import write_import
from catalog.editing.permissions import may_publish
from catalog.editing.person_matching import NEW
from catalog.history.write_rows import ChangeRefused
from catalog.models import Edit, Series, SourceImport
from catalog.sources.series_claims import SourceError

MAX_LISTED_FILES = 3


def sources_url(source_import: SourceImport) -> str:
    """The URL of the page where sources are added and removed."""
    return reverse("admin:catalog_sourceimport_sources", args=[source_import.pk])


class StateFilter(admin.SimpleListFilter):
    """Imports that were applied, or not yet."""

    title, parameter_name = "state", "state"

    def lookups(self, request, model_admin):
        """Open or applied."""
        return [("open", "Open"), ("applied", "Applied")]

    def queryset(self, request, queryset):
        """The imports of the selected state."""
        return queryset.filter(edit__isnull=self.value() == "open") if self.value() else queryset


@admin.register(SourceImport)
class SourceImportAdmin(admin.ModelAdmin):
    """Imports from sources. Users who may not publish see and change their own ones only."""

    sidebar_group, sidebar_position = MAIN_GROUP, 8
    list_display = ("about", "sources", "user", "date", "state")
    list_display_links = ("about",)
    list_filter = (StateFilter,)
    list_select_related = ("series", "user", "edit")
    list_per_page = 50
    search_fields = ("series__title", "files__file_name", "files__url", "user__username")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    delete_confirmation_template = "admin/catalog/source_import/discard.html"
    delete_selected_confirmation_template = "admin/catalog/source_import/discard_selected.html"

    class Media:
        css = {"all": ["catalog/admin-source-import.css"]}

    def get_queryset(self, request):
        """The imports that the user may see, with their files."""
        imports = super().get_queryset(request).prefetch_related("files", "edit__undoings__undoings")
        return imports if may_publish(request.user) else imports.filter(user=request.user.pk)

    def has_add_permission(self, request):
        return super().has_add_permission(request) and may_import(request.user)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and may_import(request.user)

    def has_delete_permission(self, request, obj=None):
        """An import may be discarded by those who may change it; several at once by editors."""
        is_own = obj is not None and obj.user_id == request.user.pk
        return super().has_delete_permission(request, obj) or (is_own and self.has_change_permission(request, obj))

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) or self.has_change_permission(request, obj)

    @admin.display(description="series", ordering="series__sort_key")
    def about(self, source_import):
        """The series, or the title of the new one."""
        title = source_import.choices.get("title") or "A series"
        return str(source_import.series or f"{title} (new)")

    @admin.display(description="date", ordering="pk")
    def date(self, source_import):
        """When it was begun."""
        return source_import.created_at

    @admin.display(description="sources")
    def sources(self, source_import):
        """The names of the files."""
        names = [str(file) for file in source_import.files.all()]
        more = f", and {len(names) - MAX_LISTED_FILES} more" if len(names) > MAX_LISTED_FILES else ""
        return ", ".join(names[:MAX_LISTED_FILES]) + more if names else "–"

    @admin.display(description="state", ordering="edit")
    def state(self, source_import):
        """Open, or applied or undone with a link to what it changed."""
        words = "Undone" if is_undone(source_import) else "Applied"
        return admin_link(source_import.edit, words) if source_import.edit else "Open"

    def get_urls(self):
        """Add the page of the sources."""
        view = self.admin_site.admin_view(self.sources_view)
        return [path("<int:pk>/sources/", view, name="catalog_sourceimport_sources"), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        """The list under its own name."""
        return super().changelist_view(request, {"title": "Imports from sources"} | (extra_context or {}))

    def add_view(self, request, form_url="", extra_context=None):
        """Ask for the sources of a new import."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self._collect(request, None)

    def sources_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Add sources to an import, or remove them."""
        return self._collect(request, self._changeable(request, str(pk)))

    def _changeable(self, request: HttpRequest, object_id: str) -> SourceImport:
        """The import. Raises Http404 or PermissionDenied."""
        source_import = self.get_object(request, unquote(object_id))
        if source_import is None:
            raise Http404
        if not self.has_change_permission(request, source_import):
            raise PermissionDenied
        return source_import

    def _collect(self, request: Any, source_import: SourceImport | None) -> HttpResponse:
        """The form that collects sources. What can be read is kept, even if something else cannot."""
        removed_key = parse_key(request.POST.get("remove", ""))
        if source_import and removed_key is not None:
            remove_file(source_import, removed_key)
            self.message_user(request, "The source was removed. What was imported from it stays.", messages.SUCCESS)
            return HttpResponseRedirect(request.path)
        series = source_import.series if source_import else self._series_of_link(request)
        choices = source_import.choices if source_import else {}
        is_post = request.method == "POST"
        form = SourcesForm(
            request.POST if is_post else None,
            request.FILES if is_post else None,
            initial={"series": series, "title": choices.get("typed_title", "")},
            label_suffix="",
            is_new=source_import is None,
        )
        if form.is_valid():
            files = form.read(import_files(source_import) if source_import else ())
            if files and source_import is None:
                source_import = SourceImport.objects.create(
                    user=request.user,
                    series=form.cleaned_data["series"],
                    choices=ImportChoices(title=form.stated_title).to_json(),
                )
            if source_import:
                if "series" in request.POST:
                    set_series(source_import, form.cleaned_data["series"], form.cleaned_data["title"])
                for file in files:  # one by one, so that their order is kept
                    source_import.files.add(file)
            for note in form.notes:
                self.message_user(request, note, messages.WARNING)
            if source_import and not form.errors:
                return HttpResponseRedirect(reverse("admin:catalog_sourceimport_change", args=[source_import.pk]))
            if files:
                names = ", ".join(f"“{file}”" for file in files)
                self.message_user(request, f"Added: {names}. The rest was not read.", messages.WARNING)
        return self._render(
            request,
            "sources",
            "Add sources" if source_import else "Import from sources",
            source_import,
            form=form,
            action=sources_url(source_import) if source_import else request.get_full_path(),
            files=[(file, kind_label(file)) for file in import_files(source_import)] if source_import else (),
        )

    @staticmethod
    def _series_of_link(request: HttpRequest) -> Series | None:
        """The series from whose form a link led here."""
        key = parse_key(request.GET.get("series", ""))
        return None if key is None else Series.objects.filter(pk=key).first()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Review what the sources state; save what is ticked, or apply it."""
        source_import = self.get_object(request, unquote(object_id))
        if source_import is None:
            self.message_user(request, "This import was discarded, or is not yours.", messages.WARNING)
            return HttpResponseRedirect(reverse("admin:catalog_sourceimport_changelist"))
        if not self.has_change_permission(request, source_import):
            raise PermissionDenied
        review = ImportReview(request, source_import)
        try:
            return self._answer(request, review) if request.method == "POST" else self._show(request, review)
        except SourceError as error:
            return self._render(request, "unreadable", "Review", source_import, error=str(error))

    def _answer(self, request: HttpRequest, review: ImportReview) -> HttpResponse:
        """Note what was selected on the submitted page, and do what its button says."""
        review.read_page(request.POST)
        command, _, argument = request.POST.get("do", "").partition(":")
        if command == "apply":
            review.save_choices()
            return self._apply(request, review)
        if command == "series":
            self._select_series(review, request.POST.get("series", ""))
        else:
            review.tick(command, argument)
        review.save_choices()
        return HttpResponseRedirect(self._next_url(request, review, command, argument))

    def _select_series(self, review: ImportReview, answer: str) -> None:
        """Compare with one of the candidates, or with a new series."""
        selected = next((series for series in review.candidates if str(series.pk) == answer), None)
        if selected or answer == NEW:
            review.choices.series = answer
            review.source_import.series = selected
            review.source_import.save(update_fields=["series"])

    @staticmethod
    def _next_url(request: HttpRequest, review: ImportReview, command: str, argument: str) -> str:
        """The page that follows a button; a button within a table leads back to it."""
        if command == "sources":
            return sources_url(review.source_import)
        parameters = {name: request.GET[name] for name in ("page", "view") if name in request.GET}
        anchor = ""
        if command in ("row", "column") and argument:
            anchor = review.anchor(parameters, argument if command == "row" else argument.partition(":")[2])
        if command in ("page", "view"):
            parameters[command] = argument
        if command == "view":
            parameters.pop("page", None)
        url = reverse("admin:catalog_sourceimport_change", args=[review.source_import.pk], query=parameters)
        return f"{url}#{anchor}" if anchor else url

    def _apply(self, request: HttpRequest, review: ImportReview) -> HttpResponse:
        """Write what is ticked, unless it differs from what was shown."""
        names = ", ".join(review.labels)
        result: ImportResult | None = None
        error = ""
        with record_request_edit(request, Edit.Kind.SOURCE, default_summary=f"Imported from {names}") as edit:
            locked = SourceImport.objects.select_for_update().filter(pk=review.source_import.pk).first()
            if locked is None:
                raise Http404
            review.source_import.series = locked.series
            plan = review.plan
            if plan is None or plan.fingerprint != request.POST.get(FINGERPRINT_FIELD):
                error = STALE_PREVIEW_MESSAGE
            elif not plan.errors:
                try:
                    result = write_import(plan)
                    self._note_applied(review.source_import, plan.series, edit)
                except ChangeRefused as refusal:
                    error = " ".join(refusal.reasons)
        if result is None:
            return self._show(request, review, error)
        message = result_message(review.source_import, result, edit)
        self.message_user(request, message, messages.INFO if result.is_empty else messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:catalog_sourceimport_change", args=[review.source_import.pk]))

    @staticmethod
    def _note_applied(source_import: SourceImport, series: Series, edit: Edit) -> None:
        source_import.series = series if series.pk else None
        typed_title = source_import.choices.get("typed_title", "")
        source_import.choices = ImportChoices(title=series.title, typed_title=typed_title).to_json()
        if edit.changes.exists():
            source_import.edit = edit
        source_import.save()

    def _show(self, request: HttpRequest, review: ImportReview, error: str = "") -> HttpResponse:
        context = review_context(review, request.GET.get("page", ""), request.GET.get("view") == ONLY_OPEN)
        title = review.plan.records[0].label if review.plan else "Which series is it?"
        return self._render(request, "review", title, review.source_import, error=error, **context)

    def _render(
        self, request: HttpRequest, template: str, title: str, source_import: SourceImport | None, **context: Any
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "original": source_import,
            "media": context["form"].media if "form" in context else "",
            **context,
        }
        return TemplateResponse(request, f"admin/catalog/source_import/{template}.html", context)
