"""持ち帰る holds everything a government owns: every tenant's table but the ones made anew from others, every column."""

import csv
import io
import zipfile

from conftest import ROOT
from django.apps import apps

from kakehashi.site import take_home

# Made anew from their sources, or of use to this program's run alone.
NOT_TAKEN = {"search_posting", "search_text"}
# What one person wrote for nobody else.
PRIVATE = {"meetings_note"}


def tenant_models():
    return [model for model in apps.get_models() if getattr(model, "ownership", "") == "tenant"]


def test_every_table_and_every_column_comes_home(cast, client_for):
    response = client_for(cast.hibari.administrator).post("/staff/take-home/")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert take_home._DERIVED >= NOT_TAKEN
    assert take_home._PRIVATE == PRIVATE
    for model in tenant_models():
        table = model._meta.db_table
        if table in take_home._DERIVED | PRIVATE:
            continue
        header = next(csv.reader(io.StringIO(archive.read(f"tables/{table}.csv").decode("utf-8-sig"))))
        assert set(header) == {field.column for field in model._meta.local_concrete_fields}, table


def test_what_is_left_out_is_said_and_why():
    text = (ROOT / "docs" / "operate" / "take-home.md").read_text()
    assert [table for table in sorted(take_home._DERIVED | PRIVATE) if f"`{table}`" not in text] == []
