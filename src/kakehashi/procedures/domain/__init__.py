"""手続の決まり: the rules of procedures as pure Python, without Django models."""
