"""exchange (外との受け渡し): sealed, signed bundles between two installations that never connect.

Owns: the pair of keys of a side, its peer, bundles written and read, items sent and arrived, files put in quarantine; the column
matcher and the watched folder by which a town's present systems hand over CSV; webhooks, their messages and every try to send one.
Verbs: introduce_side, pair_side, write_bundle, read_bundle, ask_again, retry_items; run_round (one outbound connection);
make_webhook, gather_messages, send_message, replay_messages.
Called by: procedures and every other upper room, which register in `hooks` how their things are written and applied.

公開側（インターネット）と職員側（LGWAN）のデータベースをつながず、封をして署名した包みだけをやり取りする。
同じ包みが二度届いても、順番が入れ替わっても、結果は同じになる。
"""
