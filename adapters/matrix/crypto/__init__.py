"""The encryption of the Matrix adapter. `encryption.Encryption` is its one door."""
