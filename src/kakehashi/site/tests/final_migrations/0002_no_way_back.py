from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("site", "0001_initial")]
    operations = [migrations.RunSQL("DELETE FROM site_backuprun")]
