"""Circlekeeper's core: every rule, and no platform, driver, clock or network."""

__version__ = "0.1.0"
