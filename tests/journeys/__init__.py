"""Stories on the real program and a real homeserver: what people see, told in order."""
