"""records (文書管理): documents, files (簿冊), retention, and why each date is what it is."""
