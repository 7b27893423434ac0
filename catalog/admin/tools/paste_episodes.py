"""Paste a table of episodes into a season: preview what would change, then save it."""

import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from catalog.admin.autosave import autosave_context, mark_saved
from catalog.admin.edits import record_request_edit
from catalog.admin.history.confirmation import FINGERPRINT_FIELD
from catalog.admin.tools.base import RecordToolsMixin, tool_url
from catalog.editing.episode_plan import PERSON_FIELD_PREFIX, EpisodePlan, PlanAnswers, plan_episodes
from catalog.editing.fingerprint import STALE_PREVIEW_MESSAGE, fingerprint
from catalog.editing.permissions import may_publish
from catalog.models import Season, Series
from catalog.models.edit import Edit
from catalog.sources.episode_columns import COLUMN_LABELS
from catalog.sources.episode_table import EpisodeTable, parse_episode_table
from catalog.sources.table_rows import TableError
from catalog.sources.table_text import TableText, read_table_text
from catalog.spreadsheet_files import MAX_FILE_SIZE
from catalog.spreadsheet_rows import FileError

MAX_LINKED_SEASONS = 3  # on the form of a series, the latest first
MAX_COLUMN_FIELDS = 100
CELL_FIELD = re.compile(r"cell-([0-9]{1,3})-([0-9]{1,2})", re.ASCII)
TEXT_FIELD = "_text_of_cells"  # identifies the text from which the cells of the form were read


class PasteEpisodesMixin(RecordToolsMixin):
    """Adds the page to the ModelAdmin of seasons, and links to it to those of seasons and series."""

    def tool_links(self, request, record):
        """Add a link to the page of the season, or to those of the latest seasons of a series."""
        links = super().tool_links(request, record)
        if request.user.has_perms(["catalog.add_episode", "catalog.change_season"]):
            is_series = isinstance(record, Series)
            seasons = record.seasons.order_by("-number")[:MAX_LINKED_SEASONS] if is_series else [record]
            links += [(tool_url(season, "paste"), f"Paste episodes of {season.name.lower()}") for season in seasons]
        return links

    def tool_views(self):
        return super().tool_views() | ({"paste": self.paste_view} if self.model is Season else {})

    def paste_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for the table, preview the plan, save it once its preview is confirmed."""
        season = self.get_changeable(request, object_id)
        if not request.user.has_perm("catalog.add_episode"):
            raise PermissionDenied
        upload = request.FILES.get("file")
        context: dict[str, Any] = {"season": season, "columns": COLUMN_LABELS.items(), **autosave_context(request)}
        if request.method == "POST":
            try:
                table_text = _read_upload(upload) if upload else TableText(request.POST.get("text", ""))
                context |= {"text": table_text.text, "guessed_encoding": table_text.guessed_encoding}
                table = parse_episode_table(table_text.text, [] if upload else _selected_columns(request))
                context["text_fingerprint"] = text_fingerprint = _text_fingerprint(table_text.text)
                if request.POST.get(TEXT_FIELD) == text_fingerprint:
                    table.correct_cells(_submitted_cells(request))
            except (FileError, TableError) as error:
                context = {"text": request.POST.get("text", "")} | context | {"error": str(error)}
            else:
                is_confirmed = request.POST.get("step") == "save" and not upload
                plan = self._save(request, season, table) if is_confirmed else self._plan(request, season, table)
                if plan is None:
                    episodes_url = reverse("admin:catalog_episode_changelist")
                    response = HttpResponseRedirect(f"{episodes_url}?season__id__exact={season.pk}")
                    mark_saved(request, response)
                    return response
                if is_confirmed and plan.fingerprint != request.POST.get(FINGERPRINT_FIELD):
                    context["error"] = STALE_PREVIEW_MESSAGE
                context |= {"plan": plan, "table": table, "shows_errors": is_confirmed}
        return self.render_tool(request, "paste_episodes", f"Paste the episodes of {season}", season, **context)

    def _save(self, request: HttpRequest, season: Season, table: EpisodeTable) -> EpisodePlan | None:
        """Write the plan and return None; return the plan if it has errors or differs from its preview."""
        count = len(table.rows_of_season(season.number))
        summary = f"Pasted a table of {count} episode{'' if count == 1 else 's'}"
        with record_request_edit(request, Edit.Kind.PASTE, default_summary=summary):
            plan = self._plan(request, season, table)
            if not plan.can_apply or plan.fingerprint != request.POST.get(FINGERPRINT_FIELD):
                return plan
            for sentence in plan.write():
                self.message_user(request, sentence, messages.SUCCESS)
        return None

    def _plan(self, request: HttpRequest, season: Season, table: EpisodeTable) -> EpisodePlan:
        data = request.POST
        answers = PlanAnswers(
            overwrites=frozenset(data.getlist("over")),
            left_out=frozenset(data.getlist("out")),
            people={
                name.removeprefix(PERSON_FIELD_PREFIX): data[name]
                for name in data
                if name.startswith(PERSON_FIELD_PREFIX)
            },
        )
        return plan_episodes(
            season,
            table,
            answers,
            publishes=may_publish(request.user),
            may_add_people=request.user.has_perm("catalog.add_person"),
        )


def _read_upload(upload: UploadedFile) -> TableText:
    """The table in an uploaded file; FileError if it is too large or cannot be read."""
    if (upload.size or 0) > MAX_FILE_SIZE:
        raise FileError(f"The file is larger than {MAX_FILE_SIZE // 2**20} MB: split it.")
    return read_table_text(upload.read())


def _text_fingerprint(text: str) -> str:
    return fingerprint(text.replace("\r\n", "\n").strip())


def _submitted_cells(request: HttpRequest) -> dict[tuple[int, int], str]:
    """The cells of the preview, which editors may have corrected, by row number and column index."""
    matches = ((CELL_FIELD.fullmatch(name), name) for name in request.POST)
    return {(int(match[1]), int(match[2])): request.POST[name] for match, name in matches if match and int(match[1])}


def _selected_columns(request: HttpRequest) -> list[str]:
    """The columns that the page of the preview sends, in order."""
    columns: list[str] = []
    while (name := f"column-{len(columns)}") in request.POST and len(columns) < MAX_COLUMN_FIELDS:
        columns.append(request.POST[name])
    return columns
