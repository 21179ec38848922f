"""Runs a module as if what only the tests need were not installed: `python -m bench.bare MODULE ARGS`.

Synapse brings Twisted and greenlet, which structlog loads wherever it finds them. Where the bot really
runs they are not there, and they would count as its memory here.
"""

import runpy
import sys

ONLY_FOR_TESTS = ("greenlet", "twisted")

if __name__ == "__main__":
    for name in ONLY_FOR_TESTS:
        sys.modules[name] = None  # type: ignore[assignment]  # an import of it fails, as documented
    module = sys.argv[1]
    sys.argv = sys.argv[1:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
