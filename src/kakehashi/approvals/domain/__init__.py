"""Pure rules of approvals: states, routes, deputies, digests, numbers and the stamp sheet."""
