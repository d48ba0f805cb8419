"""様式の変換: reading a town's own .docx, .xlsx and .pdf forms, without network and without any model.

``formats`` turns a file into one ``Paper`` of lines and grids; ``recognise`` finds what a person would fill in there;
``draft`` makes a form of it; ``filling`` writes answers back into the file. ``scoring`` compares with a truth.
"""
