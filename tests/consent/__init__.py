"""Tests of consent, of the pure feature."""
