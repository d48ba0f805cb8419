"""Pure logic of files: what a content is, what a file may be called, where content lies."""
