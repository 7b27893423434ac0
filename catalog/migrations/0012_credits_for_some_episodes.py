"""Credits on a series or season that are for some of its episodes; until now a note said so.

The log gets an entry for each credit that changes.
"""

from django.db import migrations, models
from django.db.models import Exists, OuterRef, Q

NOTE = "for which episodes is not known"
MAX_NOTE_LENGTH = 200
OWNERS = ("person", "role", "series", "season", "character")


def note_to_field(apps, schema_editor):
    credits = apps.get_model("catalog", "credit")._base_manager.filter(note__contains=NOTE, pilot_only=False)
    for credit in credits.exclude(series=None, season=None).select_related("person", "role").order_by("pk"):
        parts = credit.note.split("; ")
        if NOTE in parts:
            note = "; ".join(part for part in parts if part != NOTE)
            write(apps, credit, True, note)
            if not note:
                credit.citations.filter(field="note").update(field="for_some_episodes")


def field_to_note(apps, schema_editor):
    credits = apps.get_model("catalog", "credit")._base_manager.filter(for_some_episodes=True)
    for credit in credits.select_related("person", "role").order_by("pk"):
        note = "; ".join(filter(None, [credit.note, NOTE]))
        if len(note) <= MAX_NOTE_LENGTH:
            write(apps, credit, False, note)
    citations = apps.get_model("catalog", "citation")._base_manager
    same = citations.filter(credit=OuterRef("credit"), source=OuterRef("source"), locator=OuterRef("locator"), field="note")
    citations.filter(~Exists(same), credit__isnull=False, field="for_some_episodes").update(field="note")


def write(apps, credit, for_some_episodes, note):
    """Write the two values, and log them as ``catalog.models.change_recorder`` does at this migration."""
    before = {"for_some_episodes": credit.for_some_episodes, "note": credit.note}
    after = {"for_some_episodes": for_some_episodes, "note": note}
    keys = {name: getattr(credit, f"{name}_id") for name in OWNERS}
    owner = "series" if credit.series_id else "season"
    Change = apps.get_model("catalog", "change")
    change = Change(
        action="changed",
        kind="credit",
        record_id=credit.pk,
        label=f"{credit.person.name}, {credit.role.name}"[:250],
        fields=sorted(after),
        touches=sorted([name, key] for name, key in keys.items() if key),
        before=before,
        after=after,
        belongs_to=f"{owner}:{keys[owner]}",
    )
    # Neither sends a signal, so that the recorder does not log them, too.
    type(credit)._base_manager.filter(pk=credit.pk).update(**after)
    Change._base_manager.bulk_create([change])


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0011_credits_of_people'),
    ]

    operations = [
        migrations.AddField(
            model_name='credit',
            name='for_some_episodes',
            field=models.BooleanField(default=False, help_text='On a series or season: for some of its episodes; which ones is not known.'),
        ),
        migrations.AddConstraint(
            model_name='credit',
            constraint=models.CheckConstraint(condition=Q(('for_some_episodes', False), ('episode__isnull', True), _connector='OR'), name='credit_for_some_episodes_on_none', violation_error_message='A credit on an episode is for that episode: untick “for some episodes”.'),
        ),
        migrations.AddConstraint(
            model_name='credit',
            constraint=models.CheckConstraint(condition=Q(('for_some_episodes', False), ('pilot_only', False), _connector='OR'), name='credit_for_some_episodes_or_pilot', violation_error_message='A credit is for the pilot only or for some episodes: untick one of the two.'),
        ),
        migrations.RunPython(note_to_field, field_to_note),
    ]
