"""A season's episodes from a pasted table: read, shown with all that would happen, and written once it is confirmed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse

from catalog.admin.edits import record_request_edit
from catalog.admin.tools.base import RecordToolsMixin, tool_url
from catalog.editing.credits import CreditWriter
from catalog.editing.episode_plan import EpisodePlan
from catalog.editing.permissions import may_publish
from catalog.models import Season, Series
from catalog.models.edit import Edit
from catalog.sources.episode_table import COLUMN_LABELS, EpisodeTable, TableError, parse_episode_table

MAX_LINKED_SEASONS = 3  # seasons of a series that its form links to, the latest first
CHANGED = "The season or its people changed since you looked: here is what would happen now."


class PasteEpisodesMixin(RecordToolsMixin):
    """Part of the desks of seasons and series: links to the page, which is the season's."""

    def tool_links(self, request, record):
        """The page of the season; of a series, those of its latest seasons."""
        if not request.user.has_perms(["catalog.add_episode", "catalog.change_season"]):
            return super().tool_links(request, record)
        seasons = record.seasons.order_by("-number")[:MAX_LINKED_SEASONS] if isinstance(record, Series) else [record]
        links = [(tool_url(season, "paste"), f"Paste episodes of {season.name.lower()}") for season in seasons]
        return [*super().tool_links(request, record), *links]

    def tool_views(self):
        """The page, at the desk of seasons."""
        return super().tool_views() | ({"paste": self.paste_view} if self.model is Season else {})

    def paste_view(self, request, object_id):
        """Ask for the table; show what it would do; do it."""
        season = self.get_changeable(request, object_id)
        if not request.user.has_perm("catalog.add_episode"):
            raise PermissionDenied
        text = request.POST.get("text", "")
        shown = {"season": season, "text": text, "columns": COLUMN_LABELS.items()}
        title = f"Paste the episodes of {season}"
        if request.method != "POST":
            return self.page(request, "paste_episodes", title, season, **shown)
        try:
            table = parse_episode_table(text, _said(request))
        except TableError as error:
            return self.page(request, "paste_episodes", title, season, error=str(error), **shown)
        plan = None
        if request.POST.get("step") == "save":
            with record_request_edit(
                request, Edit.Kind.PASTE, default_summary=f"Pasted a table of {len(table.rows)} episodes"
            ):
                plan = self._plan(request, season, table)
                if plan.can_apply and plan.fingerprint() == request.POST.get("mark"):
                    for sentence in write(plan):
                        self.message_user(request, sentence, messages.SUCCESS)
                    return HttpResponseRedirect(
                        f"{reverse('admin:catalog_episode_changelist')}?season__id__exact={season.pk}"
                    )
            if plan.fingerprint() != request.POST.get("mark"):
                shown["error"] = CHANGED
        plan = plan or self._plan(request, season, table)
        shown["refused"] = request.POST.get("step") == "save"
        return self.page(request, "paste_episodes", title, season, plan=plan, table=table, **shown)

    def _plan(self, request, season, table: EpisodeTable):
        return EpisodePlan(
            season, table, request, may_publish(request.user), request.user.has_perm("catalog.add_person")
        )


def _said(request):
    """What each column is, as the page said it."""
    found = []
    while (name := f"column-{len(found)}") in request.POST and len(found) < 100:
        found.append(request.POST[name])
    return found


def write(plan):
    """Write what the plan says. Returns what was done, in sentences."""
    casting, added, changed = CreditWriter(plan.publishes), 0, 0
    for row in plan.rows:
        if not row.is_written:
            continue
        written = [difference for difference in row.differences if difference.is_written]
        for difference in written:
            setattr(row.episode, difference.name, difference.after)
        added, changed = added + row.is_new, changed + bool(written and not row.is_new)
        if row.is_new or written:
            row.episode.save()
        if row.wanted:
            casting.add(row.episode, row.wanted, plan.chosen)
    parts = [f"{added} episode{'' if added == 1 else 's'} added as drafts"] if added else []
    parts += [f"{changed} changed"] if changed else []
    return [f"{', '.join(parts) or 'No episode changed'}.", *casting.result.sentences()]
