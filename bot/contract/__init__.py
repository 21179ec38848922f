"""What the engine and the features share: neither knows the other's insides, both know this."""
