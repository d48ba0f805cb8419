"""Pure logic of the journal: canonical JSON, commitments, Merkle trees, signed checkpoints, evidence bundles."""
