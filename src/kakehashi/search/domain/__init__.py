"""Text search without a database: how Japanese text becomes terms, and how terms become a ranking.

文字列を語・読み・二文字組へ分け、BM25 で順位を付ける純粋な計算。データベースも Django も知らない。
"""
