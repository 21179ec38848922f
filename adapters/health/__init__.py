"""/healthz, /readyz and /metrics for an operator's monitoring: kinds and counts, no id, no name.

`serve` (entry point `circlekeeper.services`) is handed plain callables, and asks them each time.
"""

from adapters.health.pages import serve

__all__ = ["serve"]
