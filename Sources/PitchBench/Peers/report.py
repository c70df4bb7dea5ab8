"""What was measured, as one table or as JSON."""

import json
import os
import platform
import sqlite3
import statistics

import duckdb
import polars


class Report:
    def __init__(self, members, kernels, threads, measured):
        self.head = {
            "format": 1, "members": members, "pitch_kernels": kernels,
            "pitch_threads": int(threads), "cpu": cpu("model name"),
            "instruction_set": instruction_set(), "load": os.getloadavg()[0],
            "versions": {
                "duckdb": duckdb.__version__, "polars": polars.__version__,
                "sqlite": sqlite3.sqlite_version, "python": platform.python_version(),
            },
        }
        self.rows = [
            row(query, form, counts, times, seconds["pitch"])
            for query, (counts, seconds) in measured.items()
            for form, times in seconds.items()
        ]

    def json(self):
        return json.dumps({**self.head, "rows": self.rows}, indent=2)

    def table(self):
        versions = ", ".join(f"{name} {text}" for name, text in self.head["versions"].items())
        lines = [
            f"{self.head['members']} members; {self.head['cpu']}, {self.head['instruction_set']};"
            f" load {self.head['load']:.1f}",
            f"{versions}; one thread each, pitch {self.head['pitch_threads']};"
            f" pitch with {self.head['pitch_kernels']} kernels",
            "CPU milliseconds, median (least…greatest); ratio to pitch of each round likewise",
        ]
        width = max(len(row["form"]) for row in self.rows)
        for row in self.rows:
            cpu_ms, ratio = row["cpu_ms"], row["ratio_to_pitch"]
            lines.append(
                f"{row['query']:4} {row['form']:{width}} {row['matches']:11}"
                f" {cpu_ms['median']:10.2f} ({cpu_ms['least']:.2f}…{cpu_ms['greatest']:.2f})"
                f"  {ratio['median']:.2f} ({ratio['least']:.2f}…{ratio['greatest']:.2f})")
        return "\n".join(lines)


def row(query, form, counts, times, pitch):
    return {
        "query": query, "form": form, "matches": sum(counts),
        "cpu_ms": spread([second * 1000 for second in times]),
        "ratio_to_pitch": spread([time / mine for time, mine in zip(times, pitch)]),
    }


def spread(values):
    return {"median": statistics.median(values), "least": min(values), "greatest": max(values)}


def cpu(key):
    """A line of the kernel's description of the first processor."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            name, _, value = line.partition(":")
            if name.strip() == key:
                return value.strip()
    return "unknown"


def instruction_set():
    flags = cpu("flags").split()
    widest = [name for name in ("avx512bw", "avx512f", "avx2", "sse4_2") if name in flags]
    return widest[0] if widest else platform.machine()
