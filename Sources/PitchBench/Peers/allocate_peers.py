#!/usr/bin/env python3
"""NumPy, HiGHS and OR-Tools beside PitchBench: the same allocations, rounds in turn.

Makes a virtual environment of its own at the first use. All figures are seconds of the clock for
solving alone. Pitch gives every member an offer or none and proves how far that is from the best;
HiGHS and OR-Tools solve the linear relaxation, whose optimum bounds any such choice.
"""

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile

from peers import enter

EXACT, GREEDY = "4000000", "0"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", required=True, help="the PitchBench binary")
    parser.add_argument("--venv", required=True, help="where the virtual environment is kept")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2, help="of Pitch and of HiGHS")
    parser.add_argument("--scale", type=float, default=1, help="a share of the full sizes")
    parser.add_argument("--only", help="the tasks whose names hold this")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


class Task:
    """One instance, and the peers that solve it: name -> function of the campaign and threads that
    makes a run, which returns its objective and seconds."""

    def __init__(self, name, members, has_many_limits, peers=None):
        self.name, self.members, self.has_many_limits = name, members, has_many_limits
        self.peers = peers or {}


def tasks(scale):
    import allocate_solvers as solvers

    def interior_point(campaign, threads):
        return solvers.highs(campaign, threads)

    def tight_interior_point(campaign, threads):
        # To compare bounds to more digits than the default tolerance of 1e-8 gives.
        return solvers.highs(campaign, threads, ipm_optimality_tolerance=1e-11)

    return [
        Task("1e4 budget", int(1e4 * scale), False, {
            "highs ipm (lp)": interior_point,
            "glop (lp)": lambda campaign, _: solvers.glop(campaign, 120)}),
        Task("1e5 budget", int(1e5 * scale), False, {
            "highs ipm (lp)": interior_point, "highs ipm 1e-11": tight_interior_point}),
        Task("1e6 budget", int(1e6 * scale), False, {
            "numpy argmax": lambda it, _: solvers.bisection(it, solvers.by_argmax),
            "numpy columns": lambda it, _: solvers.bisection(it, solvers.by_columns)}),
        Task("1e7 budget", int(1e7 * scale), False),
        Task("1e4 limits", int(1e4 * scale), True, {"highs ipm (lp)": interior_point}),
        Task("1e5 limits", int(1e5 * scale), True, {"highs ipm (lp)": interior_point}),
        Task("1e6 limits", int(1e6 * scale), True),
        Task("1e7 limits", int(1e7 * scale), True),
    ]


class Pitch:
    """A PitchBench process that makes a campaign, writes it down, and allocates."""

    def __init__(self, options, task, folder):
        command = [
            options.bench, "answer-allocations", folder, "--members", str(task.members),
            "--threads", str(options.threads)]
        self.process = subprocess.Popen(
            command + ["--many-limits"] * task.has_many_limits, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        self.limits = self._line()["limits"]

    def ask(self, work_limit):
        self.process.stdin.write(work_limit + "\n")
        self.process.stdin.flush()
        return self._line()

    def close(self):
        self.process.stdin.close()
        self.process.wait()

    def _line(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"PitchBench ended with {self.process.wait()}")
        return json.loads(line)


def measure(options, task, folder):
    """The rows of one task: Pitch with its exact search, without, then the peers."""
    from allocate_solvers import Campaign

    pitch = Pitch(options, task, folder)
    with contextlib.closing(pitch):
        campaign = Campaign(folder, task.members)
        runs = {name: make(campaign, options.threads) for name, make in task.peers.items()}
        seconds, found = {}, {}
        pitch.ask(EXACT)
        for number in range(options.rounds):
            say(f"{task.name}: round {number + 1} of {options.rounds}")
            greedy = () if task.has_many_limits else (("pitch greedy", GREEDY),)
            for name, limit in (("pitch", EXACT), *greedy):
                answer = pitch.ask(limit)
                answer["excess"] = campaign.check(answer)
                seconds.setdefault(name, []).append(answer["seconds"])
                found[name] = answer
            for name, run in runs.items():
                objective, time = run()
                seconds.setdefault(name, []).append(time)
                found[name] = {"objective": objective}
    bound = found["pitch"]["bound"]
    return [
        {"task": task.name, "members": task.members, "limits": pitch.limits, "form": name,
         **answer, "difference_to_bound": (answer["objective"] - bound) / bound,
         "seconds": spread(seconds[name]),
         "ratio_to_pitch": spread([a / b for a, b in zip(seconds[name], seconds["pitch"])])}
        for name, answer in found.items()
    ]


def spread(values):
    return {"median": statistics.median(values), "least": min(values), "greatest": max(values)}


def table(rows):
    lines = ["seconds, median (least…greatest); ratio to pitch of each round likewise; objective;"
             " its distance from Pitch's bound; the most beyond a limit; peak MB"]
    for row in rows:
        time, ratio = row["seconds"], row["ratio_to_pitch"]
        lines.append(
            f"{row['task']:10} {row['form']:15} {time['median']:9.4f}"
            f" ({time['least']:.4f}…{time['greatest']:.4f})  {ratio['median']:7.2f}"
            f" ({ratio['least']:.2f}…{ratio['greatest']:.2f})  {row['objective']:.9f}"
            f"  {row['difference_to_bound']:+.2e}"
            + (f"  {row['excess']:g}  {row['peak_mb']:.0f}" if "excess" in row else "")
            + ("  proven" if row.get("is_optimal") else ""))
    return "\n".join(lines)


def say(text):
    print(text, file=sys.stderr, flush=True)


def main():
    options = arguments()
    enter(options.venv, __file__, "allocate_requirements.txt")
    rows = []
    for task in tasks(options.scale):
        if options.only and options.only not in task.name:
            continue
        with tempfile.TemporaryDirectory(prefix="pitch-allocate-") as folder:
            rows += measure(options, task, folder)
    head = {"format": 1, "threads": options.threads, "load": os.getloadavg()[0]}
    print(json.dumps({**head, "rows": rows}, indent=2) if options.json else table(rows))


if __name__ == "__main__":
    try:
        main()
    except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
        sys.exit(f"allocate-peers: {error}")
