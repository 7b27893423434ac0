"""The page of a character: who played it and when, in which episodes, and the songs performed on screen."""

from catalog.models import Character, Credit, Cue, Episode
from catalog.views.base import RecordPage
from catalog.views.episode import episode_cards
from catalog.views.presenters import cover, meta_description
from catalog.views.presenters.credits import performer_remarks
from catalog.views.presenters.infobox import character_infobox

ROWS_PER_PAGE = 100  # of credits, episodes and songs


class CharacterDetail(RecordPage):
    """``/characters/<slug>/``."""

    template_name = "catalog/character_detail.html"
    section = "series"
    kind = "character"

    def find_record(self, slug):
        """The character of that slug in a published series."""
        return Character.objects.published().for_page().filter(slug=slug).first()

    def get_context_data(self, **kwargs):
        """The visible credits with the character, the episodes and the songs."""
        character, part = self.record, self.lists.part
        all_credits = Credit.objects.filter(character=character)
        credits = part(all_credits.visible().for_page().by_subject(), ROWS_PER_PAGE)
        episodes = part(Episode.objects.published().with_character(character).for_list(), ROWS_PER_PAGE)
        cues = part(Cue.objects.visible().filter(performers=character).for_list().for_songs(), ROWS_PER_PAGE)
        has_hidden_credits = not credits.total and all_credits.exists()
        return super().get_context_data(
            title=f"{character} in {character.series.title}",
            description=meta_description.for_character(character, credits),
            cover=cover.letters_cover(
                character.slug, cover.initials(character.name), cover.palette_for(character.series.slug)
            ),
            infobox=character_infobox(character, episodes.total),
            credits=credits,
            credit_rows=[(credit, performer_remarks(credit)) for credit in credits],
            has_hidden_credits=has_hidden_credits,
            episodes=episodes,
            cards=episode_cards(episodes),
            cues=cues,
            cited_records=[character, *credits, *cues, *character.aliases.all()],
            **kwargs,
        )
