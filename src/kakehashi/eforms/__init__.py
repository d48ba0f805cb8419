"""eforms (様式): forms as steps of typed fields; versions that never change; answers validated on the server.

Verbs: create_form, save_draft, undo_draft, redo_draft, publish_form (公開), keep_uploads (添付を受け取る).
Reads: validate_step, validate_all, clean_answers, describe_answers, visible_steps, latest_version.
Page: ``{% load eforms %}{% eform_errors version errors %}{% eform_step version step values errors %}`` inside a
``<form method="post" enctype="multipart/form-data">``. After a post: ``result.redisplay`` (a button inside the page was
pressed, or an answer brought new questions) or ``result.errors`` means show the step again with ``result.typed``.
Called by procedures (申請の様式) and later by every room that asks people something. 様式の持ち主は hooks.register_owner で登録する。
"""
