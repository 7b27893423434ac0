"""“Credits by typing”: a field on the forms of series, seasons and episodes that takes one role per line.

A name that exactly one person has needs no answer. For any other name the form asks who is meant, and saves nothing
until it is answered.
"""

from collections.abc import Sequence
from typing import Any, TypedDict

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError

from catalog.admin.forms import RecordForm
from catalog.editing.credit_lines import CreditLines, parse_credit_lines
from catalog.editing.credits import CreditWriter
from catalog.editing.permissions import may_publish
from catalog.editing.person_matching import NameMatch, ResolvedPeople, resolve_people
from catalog.models import Episode

FIELD_NAME = "typed_credits"
MAX_TYPED_LENGTH = 20_000  # characters
HELP_TEXT = (
    "Examples of a line: “Director: Ti West, Joe Swanberg”; “Writer: Lauren Yee & Matt Smith” (a writing team); "
    "“Guest: Isabel May as Sarah”; only on a series or season “Editor: Lori Ball (for some episodes)”. If a name "
    "belongs to several people or is close to one, you are asked who is meant. A new person is a draft if this record "
    "is a draft, and else published at once."
)


class TypedCredits(TypedDict):
    """The value of the field: the lines, and answers by name key (a person's primary key or “new”)."""

    text: str
    answers: dict[str, str]


class TypedCreditsWidget(forms.Textarea):
    """The lines, followed by one question per ambiguous name."""

    template_name = "catalog/widgets/typed_credits.html"
    ambiguous: Sequence[NameMatch] = ()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> TypedCredits:
        """Read the lines and the answers."""
        prefix = f"{name}-who-"
        answers = {field.removeprefix(prefix): data.get(field) for field in data if field.startswith(prefix)}
        return {"text": data.get(name) or "", "answers": answers}

    def value_omitted_from_data(self, data, files, name):
        return name not in data

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Add the questions."""
        context = super().get_context(name, value and value["text"], attrs)
        answers = value["answers"] if value else {}
        context["questions"] = [match.question(f"{name}-who-", answers) for match in self.ambiguous]
        return context


class TypedCreditsField(forms.CharField):
    """Lines of credits with answers. Left empty, it changes nothing."""

    def __init__(self) -> None:
        widget = TypedCreditsWidget(attrs={"rows": 4, "cols": 80, "spellcheck": "false", "class": "typed-credits"})
        super().__init__(
            label="One role per line",
            required=False,
            strip=False,
            max_length=MAX_TYPED_LENGTH,
            help_text=HELP_TEXT,
            widget=widget,
        )

    def clean(self, value: Any) -> Any:
        """Validate the text like any other; keep the answers."""
        return {"text": super().clean(value["text"]), "answers": value["answers"]}

    def has_changed(self, initial, data):
        return bool(data and data["text"].strip())


class TypeCreditsForm(RecordForm):
    """A record's form with the field."""

    may_add_people = True

    typed_credits = TypedCreditsField()

    def clean_typed_credits(self) -> tuple[CreditLines, ResolvedPeople]:
        """Accept the lines if all can be read and every name belongs to somebody."""
        value = self.cleaned_data[FIELD_NAME]
        lines = parse_credit_lines(value["text"], on_episode=isinstance(self.instance, Episode))
        if lines.errors:
            raise ValidationError(lines.errors)
        people = resolve_people([claim.name for claim in lines.claims], value["answers"], self.may_add_people)
        self.fields[FIELD_NAME].widget.ambiguous = people.ambiguous
        if people.errors:
            raise ValidationError(people.errors)
        return lines, people


class TypeCreditsMixin(admin.ModelAdmin):
    """Adds the field to a form, below all other fields and next to the inline of credits."""

    form = TypeCreditsForm

    def may_type_credits(self, request, obj):
        """True if the user may add credits to the record of the form."""
        may_save = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        return may_save and request.user.has_perm("catalog.add_credit")

    def get_fieldsets(self, request, obj=None):
        """Add a fieldset for the field."""
        fieldsets = [*super().get_fieldsets(request, obj)]
        if self.may_type_credits(request, obj):
            fieldsets.append(("Credits by typing", {"fields": (FIELD_NAME,)}))
        return fieldsets

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Leave out the field for users who may not add credits."""
        if not self.may_type_credits(request, obj):
            kwargs.setdefault("form", RecordForm)
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.may_add_people = request.user.has_perm("catalog.add_person")
        return form

    def save_related(self, request, form, formsets, change):
        """Save the inlines first: the billing of typed credits continues theirs."""
        super().save_related(request, form, formsets, change)
        lines, people = form.cleaned_data.get(FIELD_NAME) or (CreditLines(), ResolvedPeople())
        if lines.claims:
            writer = CreditWriter(lines.roles, may_publish(request.user))
            writer.add(form.instance, lines.claims, people.by_key)
            for sentence in writer.result.sentences():
                self.message_user(request, sentence, messages.SUCCESS)
