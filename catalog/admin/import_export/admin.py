"""Import and export at the desk: the pages around a list's resource."""

from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import router, transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from import_export.admin import ImportExportMixin

from catalog.admin.import_export.dry_run import changed_rows, row_fingerprint, stale_message
from catalog.admin.import_export.forms import ConfirmForm, DownloadForm, UploadForm
from catalog.admin.import_export.resource import resource_of
from catalog.admin.import_export.upload_storage import Upload
from catalog.formats.spreadsheet_files import MAX_ROWS, CsvFormat, XlsxFormat
from catalog.models import Change, Edit
from catalog.models.edit import record_edit

MAX_EXPORTED_ROWS = 50_000  # rows; more than that is a copy of the catalogue and no list to work on


class ImportExportAdminMixin(ImportExportMixin):
    """Part of a desk: its list is exported as it is narrowed, and imported after a dry run.

    Between dry run and import nothing is overwritten unseen: what the rows would do is noted, and found anew in the
    transaction that writes. Where it is no longer the same, nothing is written and the dry run is shown again.
    """

    import_formats = export_formats = (CsvFormat, XlsxFormat)
    import_form_class, confirm_form_class, export_form_class = UploadForm, ConfirmForm, DownloadForm
    import_template_name = "admin/catalog/import_export/import.html"
    export_template_name = "admin/catalog/import_export/export.html"
    import_export_change_list_template = "admin/catalog/import_export/change_list.html"
    tmp_storage_class = Upload

    def __init__(self, model, admin_site):
        super().__init__(model, admin_site)
        self.resource_class = resource_of(model)

    def has_export_permission(self, request):
        """Who may read."""
        return self.resource_class is not None and self.has_view_permission(request)

    def has_import_permission(self, request):
        """Who may add or change; each row is asked about by itself."""
        may = self.has_add_permission(request) or self.has_change_permission(request)
        return self.resource_class is not None and may

    def get_import_resource_classes(self, request):
        """The one."""
        return [self.resource_class]

    get_export_resource_classes = get_import_resource_classes

    def get_import_resource_kwargs(self, request, **kwargs):
        """Rows are held to what the user may do."""
        return {"desk": self, "request": request}

    get_export_resource_kwargs = get_import_resource_kwargs

    def get_export_queryset(self, request):
        """The records of the narrowed list, in the order of the desk, without the totals that the list counts."""
        narrowed = super().get_export_queryset(request).order_by().values("pk")
        records = self.resource_class().get_queryset().filter(pk__in=narrowed)
        return records.order_by(*self.get_ordering(request), "pk") if self.get_ordering(request) else records

    def export_action(self, request):
        """The form, or the file. A list that cannot be narrowed so is exported whole, after a word."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        try:
            return super().export_action(request)
        except IncorrectLookupParameters:
            messages.warning(request, "The list cannot be narrowed so: here is all of it.")
            return HttpResponseRedirect(request.path)

    def get_export_data(self, file_format, request, queryset, **kwargs):
        """The file; too many rows are told."""
        if queryset.count() > MAX_EXPORTED_ROWS:
            raise ValueError(
                f"These are more than {MAX_EXPORTED_ROWS:,} rows: narrow the list, and export it in parts."
            )
        return super().get_export_data(file_format, request, queryset, **kwargs)

    def init_request_context_data(self, request, form):
        """How many records the file will hold."""
        total = self.get_export_queryset(request).count()
        return super().init_request_context_data(request, form) | self._words(
            total=f"{total:,}", title=self._title("Export")
        )

    def get_import_context_data(self, **kwargs):
        """What the page says of columns."""
        return self._words(most=f"{MAX_ROWS:,}", title=self._title("Import"))

    def _title(self, verb):
        return f"{verb} {self.opts.verbose_name_plural}"

    def _words(self, **more):
        return {"columns": list(self.resource_class.fields), "key": self.resource_class.key_columns(), **more}

    def import_action(self, request, **kwargs):
        """The upload, and its dry run."""
        version = Change.objects.version()
        response = super().import_action(request, **kwargs)
        context = response.context_data
        context["title"] = self._title("Import")
        if "result" in context:
            context |= changed_rows(context["result"])
            context["result_total"] = context["result"].totals
        upload = getattr(context["form"], "cleaned_data", {}).get("import_file")
        name = getattr(upload, "tmp_storage_name", None)
        if name and "confirm_form" in context and context["rows"]:
            self._note(request, name, version, context["result"])
        elif name:
            Upload(name=name).remove()
            context.pop("confirm_form", None)
        return response

    def _note(self, request, name, version, result):
        rows = {str(row.number): row_fingerprint(row) for row in result.rows}
        Upload(name=name).save_result({"user": request.user.pk, "version": version, "rows": rows})

    def process_import(self, request, **kwargs):
        """Write what has been tried, all of it or nothing."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = self.create_confirm_form(request)
        found = None
        if request.method == "POST" and form.is_valid() and form.cleaned_data["format"] in ("0", "1"):
            upload = Upload(name=form.cleaned_data["import_file_name"])
            found = upload.load_result(request.user)
        if found is None:
            messages.error(request, "Nothing was written: this dry run is over. Please upload the file again.")
            return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_import"))
        dataset = self.import_formats[int(form.cleaned_data["format"])]().create_dataset(upload.read())
        version, result, stale = self._write(request, form, dataset, found)
        if stale or result.has_errors() or result.has_validation_errors():
            self._note(request, upload.name, version, result)
            return self._again(request, form, result, stale)
        upload.remove()
        return self.process_result(result, request)

    def _write(self, request, form, dataset, found):
        """(the log's version before, the result, {row: what happened meanwhile}); written only if nothing did."""
        using = router.db_for_write(self.model)
        with record_edit(request.user, form.cleaned_data["reason"], Edit.Kind.IMPORT, using=using):
            version = Change.objects.using(using).version()
            since = Change.objects.using(using).after(found["version"]).filter(kind=self.opts.model_name)
            others = {entry.record_id: entry for entry in since.select_related("edit")}
            result = self.process_dataset(dataset, form, request, rollback_on_validation_errors=True)
            stale = {}
            for row in result.rows:
                other = others.get(row.object_id) if row.import_type != "skip" else None
                if other or found["rows"].get(str(row.number)) != row_fingerprint(row):
                    stale[row.number] = stale_message(other)
            if stale:
                transaction.set_rollback(True, using=using)
        return version, result, stale

    def _again(self, request, form, result, stale):
        """The dry run once more, with what is no longer as it was."""
        for row in result.rows:
            row.meanwhile = stale.get(row.number, "")
        whole = not result.has_errors() and not result.has_validation_errors()
        told = "Nothing was written: the catalogue changed while you looked at the dry run. Here it is as of now."
        messages.warning(request, told if stale else "Nothing was written: some rows cannot be.")
        context = self.admin_site.each_context(request) | self.get_import_context_data() | changed_rows(result)
        context |= {"opts": self.opts, "media": self.media, "result": result, "result_total": result.totals}
        if whole:
            initial = {name: form.cleaned_data[name] for name in form.fields}
            context["confirm_form"] = self.confirm_form_class(initial=initial)
        return TemplateResponse(request, [self.import_template_name], context)

    def add_success_message(self, result, request):
        """How many were added and changed."""
        added, changed, same = (result.totals[kind] for kind in ("new", "update", "skip"))
        messages.success(
            request, f"Imported: {added:,} added, {changed:,} changed; {same:,} were as the file says already."
        )

    def _create_log_entry(self, user_pk, rows, import_type, action_flag):
        """In the editor's own list, in words."""
        if rows:
            LogEntry.objects.log_actions(user_pk, rows, action_flag, "Imported.", single_object=len(rows) == 1)
