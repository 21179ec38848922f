"""What the command line does: each command is one file, and `bot.__main__` only calls them."""
