"""“Credits by typing”: a field of the form of a series, a season and an episode that is read as lines of credits.

A name that one person has is theirs. Of any other the form asks who is meant, and nothing is saved until it is said.
"""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError

from catalog.admin.forms import RecordForm
from catalog.editing.credit_lines import parse_credit_lines
from catalog.editing.credits import CreditWriter
from catalog.editing.permissions import may_publish
from catalog.editing.person_matching import NEW, resolve_people

FIELD_NAME = "typed_credits"
MAX_TYPED_LENGTH = 20_000  # characters
HELP_TEXT = (
    "Director: Ti West, Joe Swanberg – Writer: Lauren Yee & Matt Smith (a team) – Guest: Isabel May as Sarah – "
    "Main cast: … One role a line; names that one person has are taken, of others you are asked who is meant. "
    "New people are drafts on a draft, and published with what is published."
)


class TypedCreditsWidget(forms.Textarea):
    """The lines, and below them a question for each name that does not say who is meant."""

    template_name = "catalog/widgets/typed_credits.html"
    questions = ()

    def value_from_datadict(self, data, files, name):
        """The text, and the answers: {key of a name: a person's key or “new”}."""
        start = f"{name}-who-"
        answers = {field.removeprefix(start): data.get(field) for field in data if field.startswith(start)}
        return {"text": data.get(name) or "", "answers": answers}

    def value_omitted_from_data(self, data, files, name):
        """Whether the form had no such field."""
        return name not in data

    def get_context(self, name, value, attrs):
        """With the questions."""
        context = super().get_context(name, value and value["text"], attrs)
        answers = value["answers"] if value else {}
        context["questions"] = [
            {
                "name": f"{name}-who-{named.key}",
                "asked": named.name,
                "choices": named.choices(),
                "answer": answers.get(named.key) or (NEW if not named.offered else ""),
            }
            for named in self.questions
        ]
        return context


class TypedCreditsField(forms.CharField):
    """Text with answers; whoever types nothing changes nothing."""

    def __init__(self):
        widget = TypedCreditsWidget(attrs={"rows": 4, "cols": 80, "spellcheck": "false", "class": "typed-credits"})
        super().__init__(
            label="A line a role",
            required=False,
            strip=False,
            max_length=MAX_TYPED_LENGTH,
            help_text=HELP_TEXT,
            widget=widget,
        )

    def clean(self, value):
        """The text checked as any text is."""
        return {"text": super().clean(value["text"]), "answers": value["answers"]}

    def has_changed(self, initial, data):
        """Whether anything was typed."""
        return bool(data and data["text"].strip())


class TypeCreditsForm(RecordForm):
    """A form with the field."""

    may_add_people = True

    typed_credits = TypedCreditsField()

    def clean_typed_credits(self):
        """(credits, who is meant) when all lines can be read and all names are somebody's."""
        value = self.cleaned_data[FIELD_NAME]
        wanted, complaints = parse_credit_lines(value["text"])
        if complaints:
            raise ValidationError(complaints)
        chosen, asked, complaints = resolve_people(
            [each.name for each in wanted], value["answers"], self.may_add_people
        )
        self.fields[FIELD_NAME].widget.questions = asked
        if complaints:
            raise ValidationError(complaints)
        return wanted, chosen


class TypeCreditsMixin:
    """Part of a desk: the field below all others of the form, next to the rows of credits."""

    form = TypeCreditsForm

    def may_type(self, request, obj):
        """Whether the user may give the record of the form credits."""
        may = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        return may and request.user.has_perm("catalog.add_credit")

    def get_fieldsets(self, request, obj=None):
        """The field in a part of its own."""
        fieldsets = [*super().get_fieldsets(request, obj)]
        typed = [("Credits by typing", {"fields": (FIELD_NAME,)})] if self.may_type(request, obj) else []
        return [*fieldsets, *typed]

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Without the field for who may not type."""
        if not self.may_type(request, obj):
            kwargs.setdefault("form", RecordForm)
        form = super().get_form(request, obj, change, **kwargs)
        form.may_add_people = request.user.has_perm("catalog.add_person")
        return form

    def save_related(self, request, form, formsets, change):
        """First the rows, then what was typed: its billing goes on from theirs."""
        super().save_related(request, form, formsets, change)
        wanted, chosen = form.cleaned_data.get(FIELD_NAME) or ((), {})
        if wanted:
            casting = CreditWriter(publishes=may_publish(request.user))
            casting.add(form.instance, wanted, chosen)
            for sentence in casting.result.sentences():
                self.message_user(request, sentence, messages.SUCCESS)
