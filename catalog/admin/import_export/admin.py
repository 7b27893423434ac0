"""Import and export at a changelist: the export of the filtered list, the dry run of an import, the import."""

from dataclasses import dataclass

from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import models, router, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone

from catalog.admin.changelist import RecordChangeList
from catalog.admin.import_export.forms import ConfirmForm, ExportForm, UploadForm
from catalog.admin.import_export.upload_storage import DryRun, Upload
from catalog.editing.permissions import may_publish
from catalog.formats.record_import import Outcome, import_table
from catalog.formats.table_schema import TableSchema, schema_for
from catalog.models import Change, Edit
from catalog.models.edit import record_edit
from catalog.spreadsheet_rows import FileError

MAX_EXPORTED_ROWS = 50_000  # a larger export is a backup, not a list to work on
STALE_MESSAGE = (
    "Nothing was imported: records changed after the dry run. Check the updated dry run and confirm it again."
)


class FilteredRecords(RecordChangeList):
    """The filters of a changelist without its page of results and their count."""

    def get_filters_params(self, params=None):
        """Ignore the filters that a change form carries for its way back to the list."""
        filters = super().get_filters_params(params)
        filters.pop("_changelist_filters", None)
        return filters

    def get_results(self, request):
        """Read nothing."""


@dataclass
class RequestPermissions:
    """What the user of a request may import: the permissions of the model admin."""

    model_admin: admin.ModelAdmin
    request: HttpRequest

    def __post_init__(self):
        self.may_publish = may_publish(self.request.user)

    def may_add(self):
        """True if the user may add records."""
        return self.model_admin.has_add_permission(self.request)

    def may_change(self, record: models.Model):
        """True if the user may change the record."""
        return self.model_admin.has_change_permission(self.request, record)


class ImportExportAdminMixin(admin.ModelAdmin):
    """Adds export of the filtered list and import with a dry run to a model admin.

    The import runs again what the dry run showed. If a row does something else by then, or its record was changed,
    nothing is written and the dry run is shown again.
    """

    change_list_template = "admin/catalog/import_export/change_list.html"

    def __init__(self, model, admin_site):
        super().__init__(model, admin_site)
        self.table_schema = schema_for(model)

    def get_urls(self):
        """Add the pages of import and export."""
        views = {"export": self.export_view, "import": self.import_view, "process_import": self.process_import_view}
        prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        urls = [
            path(f"{name}/", self.admin_site.admin_view(view), name=f"{prefix}_{name}") for name, view in views.items()
        ]
        return urls + super().get_urls()

    def changelist_view(self, request, extra_context=None):
        """The list with links to import and export."""
        permissions = {
            "has_import_permission": self.has_import_permission(request),
            "has_export_permission": self.has_export_permission(request),
        }
        return super().changelist_view(request, permissions | (extra_context or {}))

    def has_export_permission(self, request):
        """True if the user may read the list."""
        return self.table_schema is not None and self.has_view_permission(request)

    def has_import_permission(self, request):
        """True if the user may add or change records; each row is checked by itself."""
        may_write = self.has_add_permission(request) or self.has_change_permission(request)
        return self.table_schema is not None and may_write

    @property
    def _schema(self) -> TableSchema:
        """The schema; the permissions of import and export are denied to models without one."""
        assert self.table_schema is not None
        return self.table_schema

    def export_view(self, request):
        """Ask for a format, then answer with the file. Filters that are not valid are dropped with a warning."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        try:
            records = self._filtered_records(request)
        except IncorrectLookupParameters:
            messages.warning(request, "The list cannot be filtered like this: this exports all of it.")
            return HttpResponseRedirect(request.path)
        form = ExportForm(request.POST or None)
        total = records.order_by().values("pk")[: MAX_EXPORTED_ROWS + 1].count()
        if form.is_valid():
            try:
                return self._export(records, total, form.cleaned_data["format"])
            except FileError as error:
                messages.error(request, str(error))
        label = f"{total:,}" if total <= MAX_EXPORTED_ROWS else f"over {MAX_EXPORTED_ROWS:,}"
        return self._render(request, "export", {"form": form, "total": label, "columns": self._schema.columns})

    def _export(self, records, total, file_format):
        if total > MAX_EXPORTED_ROWS:
            raise FileError(f"The list has more than {MAX_EXPORTED_ROWS:,} rows: filter it and export it in parts.")
        content = file_format.write(self._schema.export_rows(records))
        name = f"{self.model.__name__}-{timezone.now():%Y-%m-%d}.{file_format.extension}"
        disposition = f'attachment; filename="{name}"'
        return HttpResponse(
            content, content_type=file_format.content_type, headers={"Content-Disposition": disposition}
        )

    def _filtered_records(self, request):
        """The records of the filtered list in the order of the admin, without the counts that its columns show."""
        columns = self.get_list_display(request)
        if self.get_actions(request):
            columns = ["action_checkbox", *columns]
        filtered = FilteredRecords(
            request=request,
            model=self.model,
            list_display=columns,
            list_display_links=self.get_list_display_links(request, columns),
            list_filter=self.get_list_filter(request),
            date_hierarchy=self.date_hierarchy,
            search_fields=self.get_search_fields(request),
            list_select_related=self.get_list_select_related(request),
            list_per_page=self.list_per_page,
            list_max_show_all=self.list_max_show_all,
            list_editable=self.list_editable,
            model_admin=self,
            sortable_by=self.sortable_by,
            search_help_text=self.search_help_text,  # type: ignore[arg-type]
        )
        records = self._schema.queryset().filter(pk__in=filtered.queryset.order_by().values("pk"))
        ordering = self.get_ordering(request)
        return records.order_by(*ordering, "pk") if ordering else records

    def import_view(self, request):
        """The upload form, and the dry run of an uploaded file."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        files = (request.POST, request.FILES) if request.method == "POST" else ()
        form = UploadForm(self._schema, *files)
        context: dict[str, object] = {"form": form}
        if form.is_valid():
            version = Change.objects.version()
            permissions = RequestPermissions(self, request)
            result = import_table(self._schema, form.table, permissions, dry_run=True)
            context["result"] = result
            if result.is_valid and result.changed_rows:
                upload = Upload.create(form.content)
                self._save_dry_run(request, upload, version, result)
                context["confirm_form"] = ConfirmForm(initial={"import_file_name": upload.name})
        return self._render(request, "import", context)

    @staticmethod
    def _save_dry_run(request, upload, version, result):
        fingerprints = {str(row.number): row.fingerprint() for row in result.rows}
        upload.save_dry_run(DryRun(request.user.pk, version, fingerprints))

    def process_import_view(self, request):
        """Import the file of a confirmed dry run, all of it or nothing."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = ConfirmForm(request.POST)
        dry_run = None
        if form.is_valid():
            upload = Upload(form.cleaned_data["import_file_name"])
            dry_run = upload.load_dry_run(request.user.pk)
        try:
            if dry_run is None:
                raise FileError("This dry run has expired. Upload the file again.")
            table = self._schema.read(upload.read())
        except FileError as error:
            messages.error(request, f"Nothing was imported. {error}")
            return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_import"))
        version, result = self._import(request, table, form.cleaned_data["reason"], dry_run)
        is_stale = any(row.stale_message for row in result.rows)
        if is_stale or not result.is_valid:
            self._save_dry_run(request, upload, version, result)
            message = STALE_MESSAGE if is_stale else "Nothing was imported: some rows have errors."
            messages.warning(request, message)
            return self._render(
                request, "import", {"result": result, "confirm_form": form if result.is_valid else None}
            )
        upload.remove()
        self._log_import(request, result)
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))

    def _import(self, request, table, reason, dry_run):
        """Import a table, unless a row or its record changed since the dry run.

        Returns the version of the change log before, and the result, in which stale rows are marked.
        """
        using = router.db_for_write(self.model)
        with record_edit(request.user, reason, Edit.Kind.IMPORT, using=using):
            version = Change.objects.using(using).version()
            changes = Change.objects.using(using).after(dry_run.version).filter(kind=self.opts.model_name)
            last_changes = {change.record_id: change for change in changes.select_related("edit")}
            result = import_table(self._schema, table, RequestPermissions(self, request), dry_run=False)
            for row in result.rows:
                change = last_changes.get(row.record.pk) if row.outcome != Outcome.UNCHANGED and row.record else None
                if change or dry_run.fingerprints.get(str(row.number)) != row.fingerprint():
                    row.stale_message = self._stale_message(change)
            if any(row.stale_message for row in result.rows):
                transaction.set_rollback(True, using=using)
        return version, result

    @staticmethod
    def _stale_message(change):
        if change is None:
            return "This differs from the dry run that you confirmed."
        author = change.edit.by if change.edit and change.edit.by else "Somebody"
        action = change.get_action_display().lower()
        return f"{author} {action} this record after the dry run, {change.at:%-d %B %Y at %H:%M}."

    def _log_import(self, request, result):
        """Enter the records into the user's recent actions and report how many there were."""
        for outcome, action in ((Outcome.NEW, ADDITION), (Outcome.UPDATE, CHANGE)):
            records = [row.record for row in result.rows if row.outcome is outcome]
            LogEntry.objects.log_actions(request.user.pk, records, action, "Imported.")
        counts = f"{result.new_count:,} added, {result.update_count:,} changed, {result.unchanged_count:,} unchanged"
        messages.success(request, f"Imported: {counts}.")

    def _render(self, request, page, context):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"{page.capitalize()} {self.opts.verbose_name_plural}",
            **context,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, f"admin/catalog/import_export/{page}.html", context)
