"""The ground: imports no other app of ours and holds no person."""
