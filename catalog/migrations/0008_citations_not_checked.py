"""Citations of facts that were changed since are not checked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the field; the citations so far count as checked."""

    dependencies = [("catalog", "0007_search_songs_and_sources")]

    operations = [
        migrations.AddField(
            model_name="citation",
            name="unchecked",
            field=models.BooleanField(
                default=False,
                help_text="The fact was changed after the source was cited. Untick it once the source was read again.",
                verbose_name="not checked",
            ),
        ),
    ]
