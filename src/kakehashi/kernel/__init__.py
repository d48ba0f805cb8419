"""土台: what every room stands on; it has no tables and knows no room.

Owns: ids, the clock, 会計年度, 和暦, 開庁日, 団体コード, 名寄せ用の正規化, percentages, keyset pages, registries,
the tenant guard (団体ごとの隔離), actors, permissions, services, the queue's door, row-level security.
Called by: every room. Calls: nobody.
"""
