"""New rules: episodes of a season do not overlap, a running time is at most a day, a series does not end before it begins.

The check of existing rows comes first: a database that breaks a rule is left as it is, and the rows are named.
"""

import catalog.models.no_overlap
import django.core.validators
import django.db.models.functions.text
from django.core.management.base import CommandError
from django.db import migrations, models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Length, Substr

MAX_NAMED = 50  # rows named for each rule


def refuse_invalid_rows(apps, schema_editor):
    using = schema_editor.connection.alias
    episodes = apps.get_model('catalog', 'episode').objects.using(using).order_by('season__series__slug', 'season__number', 'number')
    series = apps.get_model('catalog', 'series').objects.using(using).order_by('slug')
    covered = episodes.order_by().filter(season=OuterRef('season'), number__gt=OuterRef('number'), number__lte=OuterRef('last_number'))
    rules = (
        ('covers the number of another episode', 'episode', episodes.filter(Exists(covered))),
        ('has a running time of no or more than 1440 minutes', 'episode', episodes.filter(Q(runtime__gt=1440) | Q(runtime=0))),
        ('has a running time of no or more than 1440 minutes', 'series', series.filter(Q(runtime_min__gt=1440) | Q(runtime_max__gt=1440) | Q(runtime_min=0) | Q(runtime_max=0))),
        ('ends before it begins', 'series', series.filter(ended__lt=Substr('premiered', 1, Length('ended')))),
    )
    lines = []
    for problem, kind, rows in rules:
        paths = ('season__series__slug', 'season__number', 'number') if kind == 'episode' else ('slug',)
        rows = list(rows.values_list('pk', *paths)[:MAX_NAMED + 1])
        for pk, slug, *numbers in rows[:MAX_NAMED]:
            code = ' s{:02d}e{:02d}'.format(*numbers) if numbers else ''
            lines.append(f'- {slug}{code} {problem} (/admin/catalog/{kind}/{pk}/change/)')
        if len(rows) > MAX_NAMED:
            lines.append(f'- and more that {problem}')
    if lines:
        raise CommandError('\n'.join([
            'The upgrade stopped, because these records break rules of the new version. They stay as they are.',
            'Put the previous version and the backup back, correct the records in the admin, and upgrade again.',
            *lines,
        ]))


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0004_company_names'),
    ]

    operations = [
        migrations.RunPython(refuse_invalid_rows, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name='episode',
            name='episode_runtime_positive',
        ),
        migrations.AlterField(
            model_name='credit',
            name='billing',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Place in the billing, from 1.', null=True, validators=[django.core.validators.MaxValueValidator(32767)]),
        ),
        migrations.AlterField(
            model_name='credit',
            name='team',
            field=models.PositiveSmallIntegerField(blank=True, help_text='The same number for people who wrote as a team.', null=True, validators=[django.core.validators.MaxValueValidator(32767)]),
        ),
        migrations.AlterField(
            model_name='cue',
            name='medley',
            field=models.PositiveSmallIntegerField(blank=True, help_text='The same number for songs heard together.', null=True, validators=[django.core.validators.MaxValueValidator(32767)]),
        ),
        migrations.AlterField(
            model_name='cue',
            name='position',
            field=models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(32767)]),
        ),
        migrations.AlterField(
            model_name='department',
            name='position',
            field=models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(32767)]),
        ),
        migrations.AlterField(
            model_name='episode',
            name='last_number',
            field=models.PositiveSmallIntegerField(blank=True, help_text='For a double episode: the last number that it covers.', null=True, validators=[django.core.validators.MaxValueValidator(32767)]),
        ),
        migrations.AlterField(
            model_name='episode',
            name='overall_number',
            field=models.PositiveIntegerField(blank=True, help_text='Counted through the whole series.', null=True, validators=[django.core.validators.MaxValueValidator(2147483647)]),
        ),
        migrations.AlterField(
            model_name='episode',
            name='runtime',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Minutes.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1440)], verbose_name='running time'),
        ),
        migrations.AlterField(
            model_name='event',
            name='position',
            field=models.PositiveSmallIntegerField(default=0, help_text='Orders events of one date.', validators=[django.core.validators.MaxValueValidator(32767)]),
        ),
        migrations.AlterField(
            model_name='externalid',
            name='scheme',
            field=models.CharField(choices=[('imdb', 'IMDb'), ('tmdb', 'TMDB'), ('tmdb-network', 'TMDB network'), ('tvdb', 'TheTVDB'), ('tvmaze', 'TVmaze'), ('tvmaze-web', 'TVmaze web channel'), ('wikidata', 'Wikidata'), ('musicbrainz', 'MusicBrainz')], max_length=12),
        ),
        migrations.AlterField(
            model_name='featuredcharacter',
            name='position',
            field=models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(32767)]),
        ),
        migrations.AlterField(
            model_name='picture',
            name='height',
            field=models.PositiveIntegerField(default=0, editable=False, validators=[django.core.validators.MaxValueValidator(2147483647)]),
        ),
        migrations.AlterField(
            model_name='picture',
            name='width',
            field=models.PositiveIntegerField(default=0, editable=False, validators=[django.core.validators.MaxValueValidator(2147483647)]),
        ),
        migrations.AlterField(
            model_name='review',
            name='count',
            field=models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(2147483647)], verbose_name='number of reviews'),
        ),
        migrations.AlterField(
            model_name='role',
            name='position',
            field=models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(32767)]),
        ),
        migrations.AlterField(
            model_name='season',
            name='announced_episodes',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(32767)]),
        ),
        migrations.AlterField(
            model_name='series',
            name='announced_episodes',
            field=models.PositiveSmallIntegerField(blank=True, help_text='How many were ordered or announced.', null=True, validators=[django.core.validators.MaxValueValidator(32767)]),
        ),
        migrations.AlterField(
            model_name='series',
            name='runtime_max',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Minutes.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1440)], verbose_name='longest running time'),
        ),
        migrations.AlterField(
            model_name='series',
            name='runtime_min',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Minutes.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1440)], verbose_name='shortest running time'),
        ),
        migrations.AlterField(
            model_name='seriescompany',
            name='position',
            field=models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(32767)]),
        ),
        migrations.AddConstraint(
            model_name='episode',
            constraint=catalog.models.no_overlap.NoOverlap(group='season', name='episode_numbers_do_not_overlap', violation_error_message='Another episode of the season covers one of these numbers already.'),
        ),
        migrations.AddConstraint(
            model_name='episode',
            constraint=models.CheckConstraint(condition=models.Q(('runtime__isnull', True), ('runtime__range', (1, 1440)), _connector='OR'), name='episode_runtime_at_most_a_day', violation_error_message='A running time is between 1 and 1440 minutes, which are a day.'),
        ),
        migrations.AddConstraint(
            model_name='series',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('runtime_min__isnull', True), ('runtime_min__range', (1, 1440)), _connector='OR'), models.Q(('runtime_max__isnull', True), ('runtime_max__range', (1, 1440)), _connector='OR')), name='series_runtimes_at_most_a_day', violation_error_message='A running time is between 1 and 1440 minutes, which are a day.'),
        ),
        migrations.AddConstraint(
            model_name='series',
            constraint=models.CheckConstraint(condition=models.Q(('premiered__isnull', True), ('ended__isnull', True), ('ended__gte', django.db.models.functions.text.Substr('premiered', 1, django.db.models.functions.text.Length('ended'))), _connector='OR'), name='series_premiered_before_ended', violation_error_message='A series cannot end before it begins: check when it was first and last released.'),
        ),
    ]
