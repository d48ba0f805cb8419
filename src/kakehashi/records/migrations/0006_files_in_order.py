from django.db import migrations, models

from kakehashi.kernel.migrations import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("records", "0005_words_of_files")]

    operations = [
        AddIndexInUse(
            model_name="recordfile",
            index=models.Index(fields=["government_id", "record_fiscal_year", "id"], name="record_file_in_order"),
        ),
    ]
