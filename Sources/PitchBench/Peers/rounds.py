"""Rounds in which every engine answers every query in turn."""

import json
import os
import subprocess
import sys
import time

from bear import Bear
from duck import Duck
from lite import Lite
from population import Population

SQLITE_MEMBERS = 1_000_000


class Pitch:
    """A PitchBench process that generates the data, writes it down, and answers."""

    def __init__(self, bench, members, folder, ways):
        self.process = subprocess.Popen(
            [bench, "answer", folder, "--members", str(members), *ways], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        self.queries = self._line()["queries"]

    def ask(self, query):
        """Its counts, and the CPU seconds that it took."""
        self.process.stdin.write(query + "\n")
        self.process.stdin.flush()
        answer = self._line()
        return answer["matches"], answer["cpu_seconds"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()

    def _line(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"PitchBench ended with {self.process.wait()}")
        return json.loads(line)


class Rounds:
    def __init__(self, bench, members, folder, ways):
        self.pitch = Pitch(bench, members, folder, ways)
        say("writing and loading the data")
        population = Population(folder)
        for name in ("members", "actions", "new_actions"):
            getattr(population, name).write_parquet(os.path.join(folder, f"{name}.parquet"))
        engines = [Duck(population, folder), Bear(population)]
        if members <= SQLITE_MEMBERS:
            engines.append(Lite(population))
        self.peers = {
            query: [form for engine in engines for form in engine.forms().get(query, [])]
            for query in self.pitch.queries
        }

    def measure(self, rounds):
        """query -> (counts, form -> CPU seconds of each round), Pitch first. The round before the
        first is not counted: it warms up, and compares the counts."""
        counts, seconds = {}, {}
        for number in range(-1, rounds):
            say(f"round {number + 1} of {rounds}")
            for query, forms in self.peers.items():
                expected = self._add(seconds, number, query, "pitch", self._ask(query))
                counts[query] = expected
                for form, run in forms:
                    found = self._add(seconds, number, query, form, timed(run))
                    if found != expected:
                        raise RuntimeError(f"{query}: {form} counts {found}, pitch {expected}")
        self.pitch.close()
        return {query: (counts[query], seconds[query]) for query in self.peers}

    def _ask(self, query):
        return lambda: self.pitch.ask(query)

    def _add(self, seconds, number, query, form, run):
        """The median of three runs in a row, or one run that takes long."""
        counts, first = run()
        times = [first]
        if first < 1:
            times = sorted([first, run()[1], run()[1]])
        if number >= 0:
            seconds.setdefault(query, {}).setdefault(form, []).append(times[len(times) // 2])
        return counts


def timed(run):
    def measured():
        start = time.process_time()
        counts = run()
        return counts, time.process_time() - start
    return measured


def say(text):
    print(text, file=sys.stderr, flush=True)
