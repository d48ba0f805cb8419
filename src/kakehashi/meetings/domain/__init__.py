"""Rules of meetings that need no database: states, quorum, and where a note stands after its material was replaced."""
