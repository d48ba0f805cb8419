"""How the things of this room cross between the public and the staff side; registered with `exchange` in `apps.ready()`."""
