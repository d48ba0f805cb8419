"""approvals (起案・決裁): proposals, their route by post, decision and issue."""
