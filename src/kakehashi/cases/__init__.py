"""cases (案件): everything somebody must handle: number, people, phase, due date, threads, timeline."""
