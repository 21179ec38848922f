"""No process of a test outlives the test run, however the run ends."""

import ctypes
import signal
import sys

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent() -> None:
    """For `preexec_fn`: the kernel ends this process when the one that started it is gone.

    See prctl(2), PR_SET_PDEATHSIG. Elsewhere than on Linux it does nothing.
    """
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
