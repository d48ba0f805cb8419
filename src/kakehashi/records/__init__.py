"""records (公文書・文書管理): what was decided or received is filed, kept for a reason, and found again.

Owns: classification (大・中・小), standard files, record files (簿冊, the unit of retention), documents, holds.
Verbs: install_schedule, file_document, complete_document, hold_file, release_hold, extend_file, reassign_file.
Called by: approvals (automatic filing at 施行). Every date can be asked 「なぜこの日？」.
"""
