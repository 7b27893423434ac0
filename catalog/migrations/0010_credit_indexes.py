"""Indexes of credits: those of a person on episodes, and the names as credited, of which most are empty."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0009_songs_heard_and_company_roles'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='credit',
            index=models.Index(fields=['person', 'episode'], name='credit_person_episode'),
        ),
        migrations.AddIndex(
            model_name='credit',
            index=models.Index(condition=models.Q(('credited_as', ''), _negated=True), fields=['credited_as', 'person'], name='credit_credited_as'),
        ),
    ]
