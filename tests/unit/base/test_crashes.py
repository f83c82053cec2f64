"""A crash writes no key and no paper to the disk."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROBE = """
import resource
from qisp_desktop.base.crashes import forbid_core_dumps
resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
forbid_core_dumps()
print(resource.getrlimit(resource.RLIMIT_CORE)[0])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_the_memory_of_the_program_is_not_written_out_when_it_crashes() -> None:
    ran = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "0"
