"""Pages of the files room: downloads, and the door through which large files come in parts."""
