"""plans (DX計画): policies, programmes, initiatives and their targets."""
