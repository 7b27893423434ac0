"""Former and other names of companies, and when a name was used: columns and rules of ``Alias``."""

import catalog.models.partial_date
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0003_edits'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='alias',
            name='alias_of_a_person_or_a_character',
        ),
        migrations.AddField(
            model_name='alias',
            name='company',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='catalog.company'),
        ),
        migrations.AddField(
            model_name='alias',
            name='since',
            field=catalog.models.partial_date.PartialDateField(blank=True, help_text='When the name was taken, as far as known: 2018, 2018-03 or 2018-03-15.', max_length=10, null=True, verbose_name='from'),
        ),
        migrations.AddField(
            model_name='alias',
            name='until',
            field=catalog.models.partial_date.PartialDateField(blank=True, help_text='When it was given up. Empty: still used, or not known.', max_length=10, null=True),
        ),
        migrations.AddConstraint(
            model_name='alias',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('character__isnull', True), ('company__isnull', True), ('person__isnull', False)), models.Q(('character__isnull', False), ('company__isnull', True), ('person__isnull', True)), models.Q(('character__isnull', True), ('company__isnull', False), ('person__isnull', True)), _connector='OR'), name='alias_of_exactly_one', violation_error_message='Choose exactly one of: person, character, company.'),
        ),
        migrations.AddConstraint(
            model_name='alias',
            constraint=models.UniqueConstraint(fields=('company', 'name'), name='one_alias_of_a_company', violation_error_message='The company has this name already.'),
        ),
        migrations.AddConstraint(
            model_name='alias',
            constraint=models.CheckConstraint(condition=models.Q(('since__isnull', True), ('since__length__in', (4, 7, 10)), _connector='OR'), name='alias_since_is_a_date', violation_error_message='Enter a date as 2018, 2018-03 or 2018-03-15.'),
        ),
        migrations.AddConstraint(
            model_name='alias',
            constraint=models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__length__in', (4, 7, 10)), _connector='OR'), name='alias_until_is_a_date', violation_error_message='Enter a date as 2018, 2018-03 or 2018-03-15.'),
        ),
        migrations.AddConstraint(
            model_name='alias',
            constraint=models.CheckConstraint(condition=models.Q(('since__isnull', True), ('until__isnull', True), ('until__gte', django.db.models.functions.text.Substr('since', 1, django.db.models.functions.text.Length('until'))), _connector='OR'), name='alias_since_before_until', violation_error_message='A name cannot be given up before it is taken: check the two dates.'),
        ),
    ]
