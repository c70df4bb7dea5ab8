"""DuckDB on one thread: tuned with enumerated cities and small codes for tags, and natural."""

import duckdb

from sql import Sql


class Duck:
    def __init__(self, population, files):
        self.population = population
        self.database = duckdb.connect(":memory:")
        self.database.execute("SET threads = 1")
        cities = ", ".join(f"'{city}'" for city in population.cities)
        self.database.execute(f"CREATE TYPE place AS ENUM ({cities})")
        self.database.execute(
            f"CREATE TABLE actions AS SELECT * FROM read_parquet('{files}/actions.parquet')")
        self.database.execute(
            "CREATE TABLE tuned AS SELECT * REPLACE (CAST(city AS place) AS city)"
            f" FROM read_parquet('{files}/members.parquet')")
        names = "[" + ", ".join(f"'{tag}'" for tag in population.tags) + "]"
        self.database.execute(
            "CREATE TABLE plain AS SELECT * REPLACE (CAST(city AS VARCHAR) AS city,"
            f" list_transform(tags, lambda tag: {names}[tag + 1]) AS tags) FROM tuned")
        self._keep_aggregates()

    def forms(self):
        """query -> [(form, measured)]; what is measured gives its counts."""
        tuned, natural = self._sql("tuned"), self._sql("plain")
        found = {"q2": [("duckdb", self._counts(tuned.q2()))]}
        for query in ("q1", "q1w"):
            found[query] = [
                ("duckdb tuned", self._counts(getattr(tuned, query)())),
                ("duckdb natural", self._counts(getattr(natural, query)())),
            ]
        for query, condition in (("q3", Sql.selective), ("q3w", Sql.wide)):
            found[query] = [
                ("duckdb tuned, semi-join", self._counts(tuned.semi_join(condition(tuned)))),
                ("duckdb tuned, join first", self._counts(tuned.join_first(condition(tuned)))),
                ("duckdb natural", self._counts(natural.semi_join(condition(natural)))),
            ]
        kept = self._sql("kept")
        rules = self._counts(*(kept.count(kept.rule(rule)) for rule in self.population.rules))
        found["q4"] = [
            ("duckdb, aggregates maintained", rules),
            ("duckdb, aggregates built first", lambda: (self._keep_aggregates(), rules())[1]),
        ]
        return found

    def _keep_aggregates(self):
        tuned = self._sql("tuned")
        columns = ", ".join(
            f"CAST(coalesce({name}, 0) AS {'UTINYINT' if function == 'count' else 'INTEGER'})"
            f" AS {name}"
            for name, (function, _, _) in self.population.aggregates().items())
        self.database.execute(
            f"CREATE OR REPLACE TABLE kept AS SELECT tuned.*, {columns}"
            f" FROM tuned LEFT JOIN ({tuned.aggregates()}) ON member = id")

    def _counts(self, *statements):
        return lambda: [self.database.execute(sql).fetchone()[0] for sql in statements]

    def _sql(self, members):
        tags = self.population.tags
        has = {
            "plain": lambda tag: f"list_contains(tags, '{tag}')",
        }.get(members, lambda tag: f"list_contains(tags, {tags.index(tag)}::UTINYINT)")
        return Sql(self.population, members, "actions", has, lambda day: f"DATE '{day}'")
