from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0007_reorganisation"),
        ("records", "0004_disclosures"),
    ]

    operations = [
        migrations.AddField(
            model_name="recordfile",
            name="public_words",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=700),
        ),
        migrations.AddField(
            model_name="recordfile",
            name="words",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=700),
        ),
    ]
