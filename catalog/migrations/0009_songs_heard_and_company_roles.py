"""Labels and messages in the words of editors: songs heard, companies' roles, edit summary. No column changes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0008_citations_not_checked'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='cue',
            options={'ordering': ['position', 'pk'], 'verbose_name': 'song heard', 'verbose_name_plural': 'songs heard'},
        ),
        migrations.AlterModelOptions(
            name='seriescompany',
            options={'ordering': ['part', 'position', 'pk'], 'verbose_name': "company's role", 'verbose_name_plural': "companies' roles"},
        ),
        migrations.AlterField(
            model_name='citation',
            name='cue',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='citations', to='catalog.cue', verbose_name='song heard'),
        ),
        migrations.AlterField(
            model_name='edit',
            name='kind',
            field=models.CharField(choices=[('form', 'Edited'), ('delete', 'Deleted'), ('bulk', 'Edited several'), ('merge', 'Merged'), ('restore', 'Restored'), ('undo', 'Undone'), ('paste', 'Pasted'), ('import', 'Imported')], default='form', max_length=8),
        ),
        migrations.AlterField(
            model_name='edit',
            name='reason',
            field=models.CharField(blank=True, max_length=300, verbose_name='edit summary'),
        ),
        migrations.AlterField(
            model_name='seriescompany',
            name='part',
            field=models.CharField(choices=[('network', 'Network'), ('production', 'Production company'), ('distributor', 'Distributor')], max_length=12, verbose_name='role'),
        ),
        migrations.AlterField(
            model_name='seriescompany',
            name='pilot_only',
            field=models.BooleanField(default=False, help_text='It had this role in an earlier pilot only.'),
        ),
        migrations.AlterConstraint(
            model_name='seriescompany',
            name='one_part_of_a_company_in_a_series',
            constraint=models.UniqueConstraint(fields=('series', 'company', 'part'), name='one_part_of_a_company_in_a_series', violation_error_message='The company has this role in the series already.'),
        ),
    ]
