"""Pure logic of shelters: kinds of disaster, the columns of the lists."""
