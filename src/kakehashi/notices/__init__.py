"""notices — お知らせ: one message to one person, in the bell and by mail, with a log of every attempt.

Owns: Notice (the outbox), Delivery (the log), Preference (per person and kind).
Verbs: send_notice, build_notice (unsaved, for one-statement acts), cancel_notice, read_notice, read_all_notices, prefer_channels.
Called by: every room above that must tell somebody something. Kinds are registered in `notices.hooks`.

お知らせは十秒待ってから外へ出る(「元に戻す」のため)。届かなければ間隔を空けて再送し、全ての試行を記録する。
"""
