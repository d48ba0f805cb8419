"""PDF pages as pictures and as text, through PDFium."""

from kakehashi.meetings.adapters.page_pictures import PICTURE_TYPE, page_picture
from kakehashi.meetings.adapters.pdf_apart import PdfFacts, UnreadablePdf, read_pdf

__all__ = ["PICTURE_TYPE", "PdfFacts", "UnreadablePdf", "page_picture", "read_pdf"]
