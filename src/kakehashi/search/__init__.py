"""search — 検索: finds texts of all rooms, in the spelling people use, and says why.

Owns: Entry and Posting (one government's index), SharedEntry and SharedPosting (published copies for the prefecture or country).
Verbs: index_text, remove_text, share_text, unshare_text, index_pending (the sweep).
Called by: every room above that has something to find. Kinds are registered in `search.hooks`.

語の表記ゆれ(引越し・引っ越し・引越)・読み・二文字組で探し、BM25 で並べる。見てよいものだけを並べてから順位を付ける。
"""
