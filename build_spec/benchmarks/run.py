"""Run the benchmarks and print the table: ``run.py [NAME…]``; exit code 1 when a limit is passed or one breaks."""

from __future__ import annotations

import argparse
import importlib
import sys
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent


def available() -> list[str]:
    """The names of the benchmarks in this folder."""
    return sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))


def main(arguments: list[str] | None = None) -> int:
    """Run what was asked for; the exit code."""
    # Here, not above: a process that a benchmark starts reads this file again, and its start is measured.
    from rich.console import Console
    from rich.table import Table

    names = available()
    parser = argparse.ArgumentParser(description="Run the benchmarks.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which ones, of: {', '.join(names) or 'none yet'}")
    chosen = parser.parse_args(arguments).names or names
    if unknown := sorted(set(chosen) - set(names)):
        parser.error(f"no such benchmark: {', '.join(unknown)}")

    table = Table("work", "against", "at most")
    for heading in ("ours", "floor", "ratio"):
        table.add_column(heading, justify="right")
    table.add_column("")
    passed = True
    progress = Console(stderr=True)
    for name in chosen:
        progress.print(f"[dim]{name} …[/dim]")
        try:
            rows = importlib.import_module(f"bench_{name}").run()
        except Exception:
            traceback.print_exc()
            table.add_row(name, "", "", "", "", "", "[red]broken[/red]")
            passed = False
            continue
        for row in rows:
            passed &= row.passed
            table.add_row(
                row.work,
                row.against,
                f"{row.at_most:g}×",
                f"{row.ours_seconds:.3f} {row.unit}",
                f"{row.floor_seconds:.3f} {row.unit}",
                f"{row.ratio:.2f}×",
                "[green]ok[/green]" if row.passed else "[red]over[/red]",
            )
    # Where there is no terminal, a table of 80 columns would break every line.
    out = Console()
    (out if out.is_terminal else Console(width=150)).print(table)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    sys.exit(main())
