"""The crew of an episode for the next one: its credits are copied, as far as they are not there already."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse

from catalog.admin.edits import record_request_edit
from catalog.admin.tools.base import RecordToolsMixin, tool_url
from catalog.editing.copy_credits import copy_credits, next_episode
from catalog.models import Credit
from catalog.models.credit import CAST_DEPARTMENT
from catalog.models.edit import Edit


class CrewForm(forms.Form):
    """Which credits, and for which episode."""

    def __init__(self, data, episode, credits, desk, request):
        following = next_episode(episode)
        ticked = [credit.pk for credit in credits if credit.role.department.slug != CAST_DEPARTMENT]
        super().__init__(data, initial={"episode": following and following.pk, "credits": ticked})
        self.of, self.desk, self.request = episode, desk, request
        field = desk.admin_site.get_model_admin(Credit).formfield_for_dbfield(
            Credit._meta.get_field("episode"), request, required=True, label="For the episode"
        )
        self.fields["episode"] = field
        self.fields["credits"] = forms.TypedMultipleChoiceField(
            choices=[(credit.pk, label(credit)) for credit in credits],
            coerce=int,
            widget=forms.CheckboxSelectMultiple,
            label="Credits to copy",
        )

    def clean_episode(self):
        """Another episode of the series, which the user may change."""
        episode = self.cleaned_data["episode"]
        if episode == self.of or episode.season.series_id != self.of.season.series_id:
            raise forms.ValidationError("Choose another episode of the same series.")
        if not self.desk.has_change_permission(self.request, episode):
            raise forms.ValidationError(f"{episode} is published: only those who may publish can add to it.")
        return episode


def label(credit):
    """Role, person and character."""
    return f"{credit.role}: {credit.person}" + (f" as {credit.character}" if credit.character else "")


class CopyCrewMixin(RecordToolsMixin):
    """Part of the desk of episodes: the page, and the link to it."""

    def tool_links(self, request, record):
        """A link to the page, for who may add credits."""
        may = request.user.has_perm("catalog.add_credit")
        links = [(tool_url(record, "crew"), "Copy the crew to the next episode")] if may else []
        return [*super().tool_links(request, record), *links]

    def tool_views(self):
        """The page."""
        return super().tool_views() | {"crew": self.crew_view}

    def crew_view(self, request, object_id):
        """Ask which credits and for which episode; copy them."""
        episode = self.get_changeable(request, object_id)
        if not request.user.has_perm("catalog.add_credit"):
            raise PermissionDenied
        credits = list(episode.credits.for_list().in_order())
        form = CrewForm(request.POST if request.method == "POST" else None, episode, credits, self, request)
        if form.is_valid():
            target, keys = form.cleaned_data["episode"], set(form.cleaned_data["credits"])
            with record_request_edit(request, Edit.Kind.BULK, default_summary=f"Copied the crew of {episode}"):
                added = copy_credits([credit for credit in credits if credit.pk in keys], target)
            there = len(keys) - added
            told = f"{added} credit{'' if added == 1 else 's'} copied to {target}."
            told += f" {there} stood there already." if there else ""
            self.message_user(request, told, messages.SUCCESS if added else messages.WARNING)
            return HttpResponseRedirect(reverse("admin:catalog_episode_change", args=[target.pk]))
        context = {"form": form, "media": self.media + form.media}
        return self.page(request, "copy_crew", f"Copy the crew of {episode}", episode, **context)
