"""What the command line does: each command is one file, and `commandline` only calls them."""
