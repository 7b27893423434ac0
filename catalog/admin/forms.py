"""Forms of the desk: every rule of the database is told beside the row that breaks it."""

import re

from django import forms
from django.contrib.admin.widgets import (
    AutocompleteSelect,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import UniqueConstraint
from django.templatetags.static import static
from django.utils.functional import cached_property
from django.utils.html import conditional_escape
from django.utils.http import urlencode
from django.utils.safestring import mark_safe

from catalog.admin.conflicts.conflict import UnresolvedFormMixin
from catalog.editing.permissions import is_draft, owner_of
from catalog.history.conflicts import constraint_field_names
from catalog.models.base import Published
from catalog.models.slug import Sluggable

NAME_PLACEHOLDER, WIDGET_PLACEHOLDER = "-the-name-", "-the-choice-"  # stand for what differs between rows
KEY_PATTERN = re.compile(r"[0-9]{1,18}", re.ASCII)  # what can be a key at all: below 2^63


class PreloadedAutocomplete:
    """An autocomplete that knows the records read along with the row, so that no option costs a query.

    Django's own asks the database once a field and row: 800 times for an episode of 200 credits.
    With ``series_id``, characters of that series are offered first.
    """

    loaded = ()
    series_id = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.shared = {}  # with the copies of this widget in other rows

    def get_url(self):
        """Where options come from."""
        if "url" not in self.shared:
            series = f"?{urlencode({'series': self.series_id})}" if self.series_id else ""
            self.shared["url"] = super().get_url() + series
        return self.shared["url"]

    def chosen(self, value):
        """The records of the keys in ``value``; what is no key is left out."""
        known = {str(record.pk): record for record in self.loaded}
        keys = [str(key) for key in value if KEY_PATTERN.fullmatch(str(key))]
        missing = [key for key in keys if key not in known]
        if missing:
            known |= {str(record.pk): record for record in self.choices.queryset.filter(pk__in=missing)}
        return [known[key] for key in keys if key in known]

    @property
    def media(self):
        """And, after the script that makes the autocompletes, the one that gives them their names."""
        return super().media + forms.Media(js=["admin/js/autocomplete.js", "catalog/admin.js"])

    def optgroups(self, name, value, attrs=None):
        """The options that are chosen, and the empty one where nothing need be."""
        options = []
        if not self.is_required and not self.allow_multiple_selected:
            options.append(self.create_option(name, "", "", False, 0))
        model_admin = self.admin_site.get_model_admin(self.field.remote_field.model)
        for record in self.chosen(value):
            label = model_admin.option_label(record)
            options.append(self.create_option(name, record.pk, label, True, len(options)))
        return [(None, options, 0)]


class PreloadedSelect(PreloadedAutocomplete, AutocompleteSelect):
    """One record."""


class PreloadedSelectMultiple(PreloadedAutocomplete, AutocompleteSelectMultiple):
    """Several records, each with its own cross: one for all of them would stand in the list and be no item."""

    def build_attrs(self, base_attrs, extra_attrs=None):
        """Without the cross for all of them."""
        return super().build_attrs(base_attrs, extra_attrs) | {"data-allow-clear": "false"}


class PreloadedChoiceField(forms.ModelChoiceField):
    """Takes the record that was read along with the row, when that is the one chosen."""

    def to_python(self, value):
        """The record chosen."""
        widget = getattr(self.widget, "widget", self.widget)
        found = next((record for record in getattr(widget, "loaded", ()) if str(record.pk) == str(value)), None)
        return found or super().to_python(value)


class RelatedWidget(RelatedFieldWidgetWrapper):
    """An autocomplete with “add” and “change” beside it; a new character gets the series of the form."""

    template_name = "catalog/widgets/related.html"

    @classmethod
    def around(cls, wrapper):
        """The same as Django's ``wrapper``, without its two further icons."""
        return cls(
            wrapper.widget,
            wrapper.rel,
            wrapper.admin_site,
            can_add_related=wrapper.can_add_related,
            can_change_related=wrapper.can_change_related,
        )

    def get_context(self, name, value, attrs):
        """Adds the series to the address of the window for a new record."""
        context = super().get_context(name, value, attrs)
        if getattr(self.widget, "series_id", None):
            context["url_params"] += f"&series={self.widget.series_id}"
        icons = {f"{icon}_icon": static(f"admin/img/icon-{icon}link.svg") for icon in ("add", "change")}
        return context | icons

    def render(self, name, value, attrs=None, renderer=None):
        """The choice within what is the same in each row but for the name: that is written once."""
        shared = getattr(self.widget, "shared", None)
        if shared is None:
            return super().render(name, value, attrs, renderer)
        if "around" not in shared:
            context = self.get_context(NAME_PLACEHOLDER, None, {}) | {"rendered_widget": mark_safe(WIDGET_PLACEHOLDER)}
            shared["around"] = self._render(self.template_name, context, renderer)
        before, after = shared["around"].replace(NAME_PLACEHOLDER, conditional_escape(name)).split(WIDGET_PLACEHOLDER)
        return mark_safe(f"{before}{self.widget.render(name, value, attrs)}{after}")


def preloaded_records(record, name):
    """What ``record`` has in its relation ``name``, as far as it was read already."""
    field = record._meta.get_field(name)
    if field.many_to_many:
        return list(getattr(record, "_prefetched_objects_cache", {}).get(name, ()))
    found = field.get_cached_value(record, default=None)
    return [found] if found is not None and found.pk is not None else []


class RecordForm(UnresolvedFormMixin, forms.ModelForm):
    """Checks every constraint of the model, also those that name fields which the form does not show.

    Django leaves these to the database: in an episode's credits the series is no field of the form, and so
    “one credit of a kind” would be told by a 500.
    """

    folded = {}  # fields that a row shows on demand, with what they say when nothing is said
    drafts_only = False  # whether the user may add to drafts only; rows are asked about with their form

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, PreloadedAutocomplete):
                widget.loaded = preloaded_records(self.instance, name)

    @property
    def has_folded_content(self):
        """Whether a folded field says or asks something, so that it cannot be overlooked."""
        return any(self._says(name) not in (None, "", usual) for name, usual in self.folded.items())

    def _says(self, name):
        """What a folded field holds, or what is wrong with it."""
        if not self.is_bound:
            return self.get_initial_for_field(self.fields[name], name)
        return self[name].errors or self[name].value()

    def _post_clean(self):
        """Model and constraints; a row that was not touched is as the database has it."""
        if self.instance.pk and not self.has_changed():
            return
        super()._post_clean()
        try:
            self.instance.validate_constraints(exclude=self._unknown_yet())
        except ValidationError as error:
            told = self.errors.get(NON_FIELD_ERRORS, ())
            for message in error.messages:
                if message not in told:
                    self.add_error(None, message)
        if self.drafts_only and not self.errors:
            self._stay_with_drafts()

    def _stay_with_drafts(self):
        owner = None if isinstance(self.instance, Published) else owner_of(self.instance)
        if owner is not None and not is_draft(owner):
            self.add_error(None, f"{owner} is published: only those who may publish can add to it.")

    def _unknown_yet(self):
        """Fields in error, and the owner of a row while that is not saved itself."""
        owners = [field for field in self.instance._meta.fields if field.is_relation and field.is_cached(self.instance)]
        unsaved = {field.name for field in owners if getattr(self.instance, field.attname) is None}
        return (set(self.errors) - {NON_FIELD_ERRORS}) | {
            name for name in unsaved if getattr(self.instance, name) is not None
        }


class RecordFormSet(forms.BaseInlineFormSet):
    """Rows of one owner: no two of them may be the same in the sense of any constraint."""

    drafts_only = False  # whether the user may change drafts only: a season that is published may be a row

    @cached_property
    def empty_form(self):
        """The row for a new one. Django makes it again each time that it is asked for: six times a page."""
        return super().empty_form

    def _construct_form(self, i, **kwargs):
        """Each row knows its owner, without asking the database for it."""
        form = super()._construct_form(i, **kwargs)
        setattr(form.instance, self.fk.name, self.instance)
        if self.drafts_only and getattr(form.instance, "published_at", None):
            for name in form.base_fields:
                form.fields[name].disabled = True
        return form

    def add_fields(self, form, index):
        """The box that deletes a row is named for the ear."""
        super().add_fields(form, index)
        if self.can_delete:
            form.fields["DELETE"].widget.attrs["aria-label"] = "Delete this row"

    def clean(self):
        """Mark twins by the constraint's own words. Slugs that would be made twice are made one by one on saving."""
        rows = [form for form in self.forms if self._is_row(form)]
        for form in rows:
            if isinstance(form.instance, Sluggable) and not form.instance.pk and not form.cleaned_data.get("slug"):
                form.instance.slug = ""
        twins = [self._mark_twins(constraint, rows) for constraint in self.model._meta.constraints]
        if not any(twins):
            super().clean()

    def _is_row(self, form):
        if self.can_delete and self._should_delete_form(form):
            return False
        return form.is_valid() and (form.has_changed() or form.instance.pk is not None)

    def _mark_twins(self, constraint, rows):
        """Whether rows break a unique ``constraint`` among themselves. Its condition holds: they have one owner."""
        if not isinstance(constraint, UniqueConstraint):
            return False
        fields = [
            self.model._meta.get_field(name) for name in constraint_field_names(constraint) if name != self.fk.name
        ]
        seen, found = set(), False
        for form in rows:
            key = tuple(getattr(form.instance, field.attname) for field in fields)
            if constraint.fields and None in key:  # for the database, two unknown values differ
                continue
            if key in seen:
                form.add_error(None, constraint.get_violation_error_message())
                found = True
            seen.add(key)
        return found


class ProseField(forms.CharField):
    """Text of several lines. Browsers send each line's end as two characters; one is kept, as everywhere else."""

    widget = forms.Textarea

    def to_python(self, value):
        """The text with plain line ends."""
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")


class WordListField(forms.CharField):
    """A list of words, one a line."""

    widget = forms.Textarea

    def prepare_value(self, value):
        """The list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        """The lines as a list, without blank ones."""
        lines = value if isinstance(value, list) else (value or "").splitlines()
        return [line.strip() for line in lines if line.strip()]
