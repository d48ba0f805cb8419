"""records (公文書・文書管理): what came in, what was decided and what is kept, for a reason, until its day.

Owns: classification (大・中・小), standard files, record files (簿冊, the unit of retention), documents, paper, holds; receipts (収受),
mails and mailboxes; disposal lists, certificates, packages, tombstones; 開示請求.
Verbs: receive_document, import_mails, receive_mail; install_schedule, file_document, create_record_file, complete_document;
hold_file, release_hold, extend_file, reassign_file; make_disposal_list, propose_items, confirm_items, execute_list,
accept_package; receive_request, take_documents, mark_part, decide_request, export_request.
Called by: approvals (automatic filing at 施行; numbers, words and stages from the rule pack). Every date can be asked 「なぜこの日？」.
"""
