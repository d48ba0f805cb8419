"""files (ファイル): the content store. One row per stored file and government; content by its SHA-256.

Verbs: store_file (判定・保存), discard_file (手放す). Reads: read_file, open_file, download_path.
Every file has a purpose; a room registers its purposes (`hooks.register_access`): who may read, which kinds, how large.
Content is kept per government, so that one town's folder can be taken home or destroyed alone.
Called by every room that keeps attachments or documents (様式の添付, 案件, 起案, 公文書).
添付ファイルの保存庫。種類は中身で判定し、ダウンロードは必ず添付として渡す。
"""
