"""Copy the crew of an episode to the next one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from catalog.admin.edits import record_request_edit
from catalog.admin.tools.base import RecordToolsMixin, tool_url
from catalog.editing.copy_credits import copy_credits, next_episode
from catalog.models import Credit, Episode
from catalog.models.credit import CAST_DEPARTMENT
from catalog.models.edit import Edit


class CopyCrewForm(forms.Form):
    """Which credits to copy, and to which episode. The crew is preselected, the cast is not."""

    def __init__(
        self, data: Any, episode: Episode, credits: list[Credit], model_admin: "CopyCrewMixin", request: HttpRequest
    ) -> None:
        target = next_episode(episode)
        crew = [credit.pk for credit in credits if credit.role.department.slug != CAST_DEPARTMENT]
        super().__init__(data, initial={"episode": target and target.pk, "credits": crew})
        self.source_episode, self.model_admin, self.request = episode, model_admin, request
        credit_admin = model_admin.admin_site.get_model_admin(Credit)
        episode_field: Any = credit_admin.formfield_for_dbfield(
            Credit._meta.get_field("episode"), request, required=True, label="For the episode"
        )
        self.fields["episode"] = episode_field
        self.fields["credits"] = forms.TypedMultipleChoiceField(
            choices=[(credit.pk, credit_label(credit)) for credit in credits],
            coerce=int,
            widget=forms.CheckboxSelectMultiple,
            label="Credits to copy",
        )

    def clean_episode(self) -> Episode:
        """Accept another episode of the same series that the user may change."""
        episode = self.cleaned_data["episode"]
        if episode == self.source_episode or episode.season.series_id != self.source_episode.season.series_id:
            raise forms.ValidationError("Choose another episode of the same series.")
        if not self.model_admin.has_change_permission(self.request, episode):
            raise forms.ValidationError(f"{episode} is published: only users who may publish can add to it.")
        return episode


def credit_label(credit: Credit) -> str:
    return f"{credit.role}: {credit.person}" + (f" as {credit.character}" if credit.character else "")


class CopyCrewMixin(RecordToolsMixin):
    """Adds the page, and a link to it, to the ModelAdmin of episodes."""

    def tool_links(self, request, record):
        links = super().tool_links(request, record)
        if request.user.has_perm("catalog.add_credit"):
            links.append((tool_url(record, "crew"), "Copy the crew to the next episode"))
        return links

    def tool_views(self):
        return super().tool_views() | {"crew": self.crew_view}

    def crew_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the form; copy the credits."""
        episode = self.get_changeable(request, object_id)
        if not request.user.has_perm("catalog.add_credit"):
            raise PermissionDenied
        credits = list(episode.credits.for_list().in_order())
        form = CopyCrewForm(request.POST if request.method == "POST" else None, episode, credits, self, request)
        if form.is_valid():
            target, selected = form.cleaned_data["episode"], set(form.cleaned_data["credits"])
            with record_request_edit(request, Edit.Kind.BULK, default_summary=f"Copied the crew of {episode}"):
                added = copy_credits([credit for credit in credits if credit.pk in selected], target)
            message = f"{added} credit{'' if added == 1 else 's'} copied to {target}."
            if existing := len(selected) - added:
                message += f" {existing} existed already."
            self.message_user(request, message, messages.SUCCESS if added else messages.WARNING)
            return HttpResponseRedirect(reverse("admin:catalog_episode_change", args=[target.pk]))
        context = {"form": form, "media": self.media + form.media}
        return self.render_tool(request, "copy_crew", f"Copy the crew of {episode}", episode, **context)
