from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("site", "0001_initial")]
    operations = [migrations.AddField("backuprun", "note", models.CharField(max_length=9, db_default=""))]
