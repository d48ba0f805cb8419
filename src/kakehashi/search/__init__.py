"""search (検索): Sudachi and bigrams in PostgreSQL, BM25, visibility before ranking."""
