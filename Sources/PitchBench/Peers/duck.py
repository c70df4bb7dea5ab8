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
        for name in ("actions", "new_actions"):
            self.database.execute(
                f"CREATE TABLE {name} AS SELECT * FROM read_parquet('{files}/{name}.parquet')")
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
        rules, changed = self._rules("kept"), self._rules("changed")
        found["q4"] = [
            ("duckdb, aggregates maintained", rules),
        ]
        found["q4e"] = [
            ("duckdb, aggregates built first", lambda: (self._keep_aggregates(), rules())[1]),
        ]
        found["q6"] = [
            ("duckdb, changed members only", lambda: (self._add_new(), changed())[1])]
        return found

    def _rules(self, members):
        sql = self._sql(members)
        return self._counts(*(sql.count(sql.rule(rule)) for rule in self.population.rules))

    def _keep_aggregates(self):
        columns = self._columns(lambda name: f"coalesce({name}, 0)")
        self.database.execute(
            f"CREATE OR REPLACE TABLE kept AS SELECT tuned.*, {columns}"
            f" FROM tuned LEFT JOIN ({self._sql('tuned').aggregates()}) ON member = id")

    def _add_new(self):
        """The members with new actions, with their aggregates brought up to date."""
        columns = self._columns(lambda name: f"kept.{name} + coalesce(new.{name}, 0)")
        new = self._sql("tuned", "new_actions").aggregates()
        self.database.execute(
            f"CREATE OR REPLACE TABLE changed AS SELECT kept.* REPLACE ({columns})"
            f" FROM kept JOIN ({new}) AS new ON member = id")

    def _columns(self, value):
        return ", ".join(
            f"CAST({value(name)} AS {'UTINYINT' if function == 'count' else 'INTEGER'}) AS {name}"
            for name, (function, _, _) in self.population.aggregates().items())

    def _counts(self, *statements):
        return lambda: [self.database.execute(sql).fetchone()[0] for sql in statements]

    def _sql(self, members, actions="actions"):
        tags = self.population.tags
        has = {
            "plain": lambda tag: f"list_contains(tags, '{tag}')",
        }.get(members, lambda tag: f"list_contains(tags, {tags.index(tag)}::UTINYINT)")
        return Sql(self.population, members, actions, has, lambda day: f"DATE '{day}'")
