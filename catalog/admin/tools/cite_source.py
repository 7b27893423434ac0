"""Citing a source for several facts at once: several fields of a record, or of all records chosen in a list."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst

from catalog.admin.edits import record_request_edit
from catalog.admin.tools.base import RecordToolsMixin, tool_url
from catalog.models import CITABLE_MODELS, Citation
from catalog.models.edit import Edit

KIND_BY_MODEL = {model: kind for kind, model in CITABLE_MODELS.items()}
WHOLE_RECORD = "-"  # the record as a whole, in place of a field's name
MAX_BULK_RECORDS = 500  # records at once
CITE_PERMISSION = "catalog.add_citation"


def citable_fields(model):
    """[(name, words)] of what of a record can be cited: the record as a whole, then its fields."""
    fields = [field for field in model._meta.get_fields() if field.name not in ("id", "slug", "citations")]
    named = [(field.name, str(getattr(field, "verbose_name", field.name.replace("_", " ")))) for field in fields]
    return [(WHOLE_RECORD, "The whole record"), *sorted(((n, capfirst(w)) for n, w in named), key=lambda pair: pair[1])]


class CiteForm(forms.Form):
    """What is cited, for which facts."""

    def __init__(self, data, model, request):
        super().__init__(data)
        desk = admin.site.get_model_admin(Citation)

        def own(name):
            return desk.formfield_for_dbfield(Citation._meta.get_field(name), request)

        self.fields["source"] = own("source")
        self.fields["facts"] = forms.MultipleChoiceField(
            choices=citable_fields(model), widget=forms.CheckboxSelectMultiple, label="Facts that it supports"
        )
        for name in ("locator", "certainty", "claim", "note"):
            self.fields[name] = own(name)

    def cite(self, records, kind):
        """Write the citations. Returns how many were added, and how many were there already."""
        values = {name: self.cleaned_data[name] for name in ("source", "locator", "certainty", "claim", "note")}
        known = Citation.objects.filter(
            source=values["source"], locator=values["locator"], **{f"{kind}__in": records}
        ).order_by()
        there, added, skipped = set(known.values_list(f"{kind}_id", "field")), 0, 0
        for record in records:
            for fact in self.cleaned_data["facts"]:
                field = "" if fact == WHOLE_RECORD else fact
                if (record.pk, field) in there:
                    skipped += 1
                else:
                    Citation.objects.create(field=field, **{kind: record}, **values)
                    added += 1
        return added, skipped


class CiteSourceMixin(RecordToolsMixin):
    """Part of a desk: the page for one record, and the action of its list. Only for kinds that can be cited."""

    def tool_links(self, request, record):
        """A link to the page."""
        found = super().tool_links(request, record)
        if self.model not in KIND_BY_MODEL or not request.user.has_perm(CITE_PERMISSION):
            return found
        return [*found, (tool_url(record, "cite"), "Cite a source for several facts")]

    def tool_views(self):
        """The page."""
        return super().tool_views() | ({"cite": self.cite_view} if self.model in KIND_BY_MODEL else {})

    def get_actions(self, request):
        """The action as well, for who may cite."""
        found = super().get_actions(request)
        if self.model in KIND_BY_MODEL and IS_POPUP_VAR not in request.GET and request.user.has_perm(CITE_PERMISSION):
            found["cite"] = self.get_action("cite")
        return found

    @admin.action(description="Cite a source for the selected %(verbose_name_plural)s")
    def cite(self, request, queryset):
        """Ask which source for which facts; cite it for all of them, or for none."""
        records = list(queryset[: MAX_BULK_RECORDS + 1])
        if len(records) > MAX_BULK_RECORDS:
            self.message_user(request, f"At most {MAX_BULK_RECORDS} at once: nothing was cited.", messages.ERROR)
            return None
        selected = {"selected": [record.pk for record in records], "selected_name": ACTION_CHECKBOX_NAME}
        back = request.get_full_path()
        return self._cite(request, records, back, action="cite", **selected)

    def cite_view(self, request, object_id):
        """The same for one record."""
        record = self.get_changeable(request, object_id)
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[record.pk])
        return self._cite(request, [record], back, original=record)

    def _cite(self, request, records, back, original=None, **context):
        allowed = all(self.has_change_permission(request, record) for record in records)
        if not request.user.has_perm(CITE_PERMISSION) or not allowed:
            raise PermissionDenied
        form = CiteForm(request.POST if "facts_sent" in request.POST else None, self.model, request)
        if form.is_valid():
            with record_request_edit(request, Edit.Kind.BULK, default_summary="Cited a source for several facts"):
                added, skipped = form.cite(records, KIND_BY_MODEL[self.model])
            there = f" {skipped} stood there already." if skipped else ""
            told = f"{added} citation{'' if added == 1 else 's'} added.{there}"
            self.message_user(request, told, messages.SUCCESS if added else messages.WARNING)
            return HttpResponseRedirect(back)
        one = original or (records[0] if len(records) == 1 else None)
        title = f"Cite a source for {one or f'{len(records)} {self.opts.verbose_name_plural}'}"
        context |= {"form": form, "records": records, "media": self.media + form.media}
        return self.page(request, "cite_source", title, original, **context)
