#!/usr/bin/env python3
"""DuckDB, Polars and SQLite beside PitchBench: the same data and queries, rounds in turn.

Makes a virtual environment of its own at the first use. All figures are CPU time of all threads of
the process that answers, which has one; counts that differ end it with an error.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import venv

HERE = os.path.dirname(os.path.abspath(__file__))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", required=True, help="the PitchBench binary")
    parser.add_argument("--venv", required=True, help="where the virtual environment is kept")
    parser.add_argument("--members", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--kernels", required=True, help="which instructions Pitch uses")
    parser.add_argument("--threads", default="1", help="how many threads Pitch has")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def enter(folder, script=__file__, requirements="requirements.txt"):
    """Runs a script again within the virtual environment, after making it if need be."""
    python = os.path.join(folder, "bin", "python3")
    if os.path.abspath(sys.prefix) == os.path.abspath(folder):
        return
    wanted = os.path.join(HERE, requirements)
    marker = os.path.join(folder, "requirements.txt")
    with open(wanted, encoding="utf-8") as file:
        text = file.read()
    if not (os.path.exists(marker) and open(marker, encoding="utf-8").read() == text):
        print(f"installing {', '.join(text.split())}", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
             "-r", wanted], check=True)
        with open(marker, "w", encoding="utf-8") as file:
            file.write(text)
    os.execv(python, [python, "-B", os.path.abspath(script), *sys.argv[1:]])


def main():
    options = arguments()
    enter(options.venv)
    os.environ["POLARS_MAX_THREADS"] = "1"
    # These are imported by the interpreter of the virtual environment alone.
    from rounds import Rounds
    import report

    with tempfile.TemporaryDirectory(prefix="pitch-peers-") as folder:
        ways = ["--kernels", options.kernels, "--threads", options.threads]
        rounds = Rounds(options.bench, options.members, folder, ways)
        measured = rounds.measure(options.rounds)
    lines = report.Report(options.members, options.kernels, options.threads, measured)
    print(lines.json() if options.json else lines.table())


if __name__ == "__main__":
    try:
        main()
    except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
        sys.exit(f"peers: {error}")
