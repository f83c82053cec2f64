"""Whether the tests cover every line and branch of what must be right: ``check_coverage.py build/coverage.json``.

``domain/`` decides who is awarded and ``exchange/`` whom to believe, so each of their branches is tested. For the rest
the figure is shown and nobody is held to it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

WHOLE = ("qisp_desktop/domain/", "qisp_desktop/exchange/")


def uncovered(report: dict[str, Any], whole: tuple[str, ...] = WHOLE) -> Iterator[str]:
    """One line for each place in the packages ``whole`` that no test reaches."""
    for path, file in sorted(report["files"].items()):
        name = path.replace("\\", "/")
        if name.startswith(whole):
            yield from (f"{name}:{line}: never runs" for line in file["missing_lines"])
            for start, end in file["missing_branches"]:
                if start not in file["missing_lines"]:
                    target = "the end of the function" if end < 0 else f"line {end}"
                    yield f"{name}:{start}: never goes on to {target}"


def main(arguments: list[str]) -> int:
    """Print what is not covered; the exit code."""
    report = json.loads(Path(arguments[0]).read_text("utf-8"))
    found = list(uncovered(report))
    for place in found:
        print(place, file=sys.stderr)
    total = report["totals"]["percent_covered"]
    if found:
        print(
            f"{len(found)} places of {' and '.join(WHOLE)} are not covered (everything: {total:.0f} %)", file=sys.stderr
        )
        return 1
    print(f"coverage: {' and '.join(WHOLE)} whole, everything {total:.0f} %")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
