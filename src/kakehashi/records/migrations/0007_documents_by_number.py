from django.db import migrations, models

from kakehashi.kernel.migrations import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("records", "0006_files_in_order")]

    operations = [
        AddIndexInUse(
            model_name="document",
            index=models.Index(fields=["government_id", "document_number"], name="document_by_number"),
        ),
    ]
