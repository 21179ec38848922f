"""What somebody with bad intent can send, and what must not come of it."""
