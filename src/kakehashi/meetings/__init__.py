"""meetings (庁議・会議): paperless meetings of the heads: 庁議, 本部会議, 審査会.

Owns: MeetingBody and its members by post, Meeting, AgendaItem, Material and its frozen versions, personal Note, Stage (which page
is shown on every screen), Attendance and quorum, Decision, Action, Minutes.
Verbs: found_body, edit_body, call_meeting, edit_meeting, distribute_meeting, open_meeting, close_meeting, cancel_meeting, add_item,
edit_item, remove_item, attach_material, replace_material, remove_material, write_note, remove_note, take_stage, turn_page,
leave_stage, record_attendance, record_decision, propose_decision, link_item, unlink_item, assign_action, finish_action,
draft_minutes, write_minutes, approve_minutes.
Called by: site, which also joins the plan to the agenda (`hooks`). Only members, presenters and the secretariat see a meeting.
"""
