"""The printing desk with a job of 2,000 pages: how soon the first page is there, and what the job takes of memory."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from harness import Row

APPLICATIONS, EXPERTS = 100, 9
LEAST_PAGES = 2000
LIMIT_S, LIMIT_MB = 1.0, 100.0
DESK = Path(__file__).with_name("printing_desk.py")


def run() -> list[Row]:
    """Against fixed limits: a second to the first page, 100 MB over the whole job."""
    from big_round import PASSPHRASE, make_round

    from qisp_desktop.services.collecting import collect

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        big = make_round(folder, applications=APPLICATIONS, experts=EXPERTS)
        collect(big.path, list(big.returns), passphrase=PASSPHRASE)
        ran = subprocess.run([sys.executable, DESK, big.path, folder], stdout=subprocess.PIPE, text=True, check=True)
    first, grown, pages = map(float, ran.stdout.split()[-3:])
    if pages < LEAST_PAGES:
        raise RuntimeError(f"the job has only {pages:.0f} pages")
    job = f"a job of {pages:.0f} pages"
    return [
        Row(f"first preview page of {job}", "one second", first, LIMIT_S, 1.0),
        Row(f"memory over {job}", "100 MB", grown, LIMIT_MB, 1.0, "MB"),
    ]
