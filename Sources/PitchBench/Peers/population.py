"""The generated data that PitchBench writes, as frames, and the conditions of its rules."""

import datetime
import json
import os

import numpy
import polars

EPOCH = datetime.date(1970, 1, 1)


class Population:
    """Members and actions of one folder. `today` is the day of all queries."""

    def __init__(self, folder):
        self.folder = folder
        with open(os.path.join(folder, "names.json"), encoding="utf-8") as file:
            names = json.load(file)
        self.today = EPOCH + datetime.timedelta(days=names["today"])
        self.cities, self.tags, self.kinds = names["cities"], names["tags"], names["kinds"]
        self.rules = names["rules"]
        self.members = self._members()
        self.actions = self._actions()
        self.new_actions = self._new_actions()

    def days_ago(self, days):
        return self.today - datetime.timedelta(days=days)

    def aggregates(self):
        """What the rules count and sum: name -> (function, days, amount above in yuan)."""
        found = {}
        for condition in conditions(self.rules):
            name = aggregate_name(condition)
            if name:
                days, bound = condition["numbers"][:2]
                is_count = condition["subject"] == "count"
                found[name] = (condition["subject"], days, bound if is_count else None)
        return found

    def _read(self, name, kind):
        path = os.path.join(self.folder, f"{name}.{kind}")
        return numpy.fromfile(path, {"i32": "<i4", "i64": "<i8"}[kind])

    def _days(self, name, missing=None):
        days = polars.Series(self._read(name, "i64").astype("int32"))
        if missing is not None:
            days = days.replace(missing, None)
        return days.cast(polars.Date)

    def _members(self):
        city = polars.Series(self._read("city", "i32").astype("uint32"))
        names = polars.Series(self.cities, dtype=polars.Enum(self.cities))
        frame = polars.DataFrame({
            "age": self._read("age", "i64").astype("uint8"),
            "city": names.gather(city),
            "ltv": self._read("ltv", "i64").astype("int32"),
            "last_order": self._days("last_order", missing=0),
            "signup": self._days("signup"),
        }).with_row_index("id")
        none = polars.lit([], dtype=polars.List(polars.UInt8))
        return frame.join(self._tags(), on="id", how="left", maintain_order="left").with_columns(
            polars.col("tags").fill_null(none))

    def _tags(self):
        return polars.DataFrame({
            "id": self._owners("tag_offsets"),
            "tags": self._read("tag", "i32").astype("uint8"),
        }).group_by("id", maintain_order=True).agg("tags")

    def _actions(self):
        return polars.DataFrame({
            "member": self._owners("action_offsets"),
            "day": self._days("day"),
            "amount": self._read("amount", "i64").astype("int32"),
            "kind": self._read("kind", "i32").astype("uint8"),
        })

    def _new_actions(self):
        """What a poll finds, all of it of today."""
        return polars.DataFrame({
            "member": self._read("new_member", "i32").astype("uint32"),
            "amount": self._read("new_amount", "i64").astype("int32"),
            "kind": self._read("new_kind", "i32").astype("uint8"),
        }).with_columns(day=polars.lit(self.today))

    def _owners(self, offsets):
        counts = numpy.diff(self._read(offsets, "i32"))
        return numpy.repeat(numpy.arange(len(counts), dtype="uint32"), counts)


def conditions(rules):
    return [
        condition for rule in rules for clause in rule["clauses"]
        for condition in clause["conditions"]
    ]


def aggregate_name(condition):
    """The column in which the value of a count or sum is kept; None for other conditions."""
    if condition["subject"] == "count":
        days, bound, _ = condition["numbers"]
        return f"count_{days}_{bound}"
    if condition["subject"] == "sum":
        return f"sum_{condition['numbers'][0]}"
    return None
