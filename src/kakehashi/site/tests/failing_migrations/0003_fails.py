from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("site", "0002_note")]
    operations = [migrations.RunSQL("SELECT 1 / 0", migrations.RunSQL.noop)]
