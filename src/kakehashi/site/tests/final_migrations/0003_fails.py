from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("site", "0002_no_way_back")]
    operations = [migrations.RunSQL("SELECT 1 / 0")]
