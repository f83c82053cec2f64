"""A crash writes no key and no paper to the disk."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROBE = """
import resource
from contextlib import suppress
from qisp_desktop.base.crashes import forbid_core_dumps
with suppress(ValueError, OSError):  # who may not lift the limit has the one that was given
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)
_soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
forbid_core_dumps()
print(hard, resource.getrlimit(resource.RLIMIT_CORE)[0])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_the_memory_of_the_program_is_not_written_out_when_it_crashes() -> None:
    ran = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)

    allowed, left = ran.stdout.split()
    assert left == "0"
    if allowed == "0":
        pytest.skip("here nobody may write such an image anyway")
