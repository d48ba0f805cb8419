"""The form to try 「様式から作る」 with is the form of the town at hand."""

from io import BytesIO

import docx
import pytest

from kakehashi.site.demo.sample_paper import make_sample


@pytest.mark.parametrize(("town", "head", "tax"), [("三鷹市", "三鷹市長", "市税"), ("白鷺県", "白鷺県知事", "県税")])
def test_it_names_the_town_at_hand(town, head, tax):
    document = docx.Document(BytesIO(make_sample(town)))
    words = [each.text for each in document.paragraphs]
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert f"{head}　様" in words
    assert any(tax in line and f"{town}が" in line for line in words)
    assert town in {cell.strip() for cell in cells}
    assert "ひばり町" not in "".join(words + cells)
