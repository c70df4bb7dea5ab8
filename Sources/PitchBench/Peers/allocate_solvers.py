"""An allocation as NumPy, HiGHS and OR-Tools solve it: arrays in memory, only the solving timed."""

import json
import os
import time

import highspy
import numpy
import scipy.sparse
from ortools.linear_solver import pywraplp

ITERATIONS = 47


class Campaign:
    """What PitchBench wrote into a folder. `values` and `costs` are offers × members."""

    def __init__(self, folder, members):
        self.folder = folder
        self.values = self._read("values.f32", "<f4").reshape(-1, members)
        self.costs = self._read("costs.i32", "<i4").reshape(-1, members)
        self.segments = self._read("segments.i32", "<i4")
        with open(os.path.join(folder, "rows.json"), encoding="utf-8") as file:
            self.rows = json.load(file)

    def _read(self, name, kind):
        return numpy.fromfile(os.path.join(self.folder, name), kind)

    def check(self, answer):
        """Whether the written choices have the value and the cost that were said; how far they are
        beyond the limits: of whole rows summed as integers."""
        choices = self._read("choices.i16", "<i2")
        members = numpy.nonzero(choices >= 0)[0]
        offers = choices[members]
        value = self.values[offers, members].sum(dtype="f8")
        if abs(value - answer["objective"]) > 1e-9 * abs(value):
            raise RuntimeError(f"the choices come to {value}, not to {answer['objective']}")
        return max(self._excess(row, members, offers) for row in self.rows)

    def _excess(self, row, members, offers):
        kind = "i8" if row["is_integer"] else "f8"
        total = numpy.zeros((), kind)
        for term in row["terms"]:
            kept = numpy.ones(len(members), bool)
            if term.get("segment") is not None:
                kept &= self.segments[members] == term["segment"]
            if term.get("offer") is not None:
                kept &= offers == term["offer"]
            place = (offers[kept], members[kept])
            total = total + numpy.array(term["member"]).astype(kind) * kept.sum()
            spent = self.costs[place].sum(dtype="i8")
            total = total + numpy.array(term["cost"]).astype(kind) * spent
            if kind == "f8":
                total = total + term["value"] * self.values[place].sum(dtype="f8")
        # Sums of 64-bit fractions are right to about so many digits.
        rounding = 0 if row["is_integer"] else 1e-9 * max(1, abs(row["limit"]))
        return max(0.0, float(total) - row["limit"] - rounding)

    def model(self):
        """The linear relaxation: one variable for every offer and member, one row for every member,
        and the limits. Returns values, matrix by columns, and upper bounds of the rows."""
        offers, members = self.values.shape
        one_each = scipy.sparse.hstack([scipy.sparse.identity(members, format="csr")] * offers)
        limits = [self._coefficients(row) for row in self.rows]
        matrix = scipy.sparse.vstack([one_each, *limits]).tocsc()
        bounds = numpy.concatenate([numpy.ones(members), [row["limit"] for row in self.rows]])
        return self.values.ravel().astype("f8"), matrix, bounds

    def _coefficients(self, row):
        found = numpy.zeros(self.values.shape)
        for term in row["terms"]:
            offers = slice(None) if term.get("offer") is None else [term["offer"]]
            amount = (
                term["member"] + term["cost"] * self.costs[offers].astype("f8")
                + term["value"] * self.values[offers].astype("f8"))
            if term.get("segment") is not None:
                amount = numpy.where(self.segments == term["segment"], amount, 0)
            found[offers] += amount
        return scipy.sparse.csr_matrix(found.reshape(1, -1))


def bisection(campaign, priced_best):
    """Halves the multiplier of the budget; the choice that is within it is the answer."""
    values, costs = campaign.values.astype("f8"), campaign.costs.astype("f8")
    budget = campaign.rows[0]["limit"]
    high = float((values / numpy.maximum(costs, 1)).max())

    def run():
        start = time.perf_counter()
        low, top, best = 0.0, high, 0.0
        for _ in range(ITERATIONS):
            middle = (low + top) / 2
            value, cost = priced_best(values, costs, middle)
            if cost > budget:
                low = middle
            else:
                top, best = middle, value
        return best, time.perf_counter() - start
    return run


def by_argmax(values, costs, multiplier):
    priced = values - multiplier * costs
    choice = priced.argmax(axis=0)
    members = numpy.nonzero(numpy.take_along_axis(priced, choice[None], 0)[0] > 0)[0]
    return values[choice[members], members].sum(), costs[choice[members], members].sum()


def by_columns(values, costs, multiplier):
    """The same, one offer after another over blocks that stay in the cache."""
    value = cost = 0.0
    for start in range(0, values.shape[1], 8192):
        block = slice(start, start + 8192)
        best = numpy.zeros(values[0, block].shape)
        chosen, spent = best.copy(), best.copy()
        for own, price in zip(values[:, block], costs[:, block]):
            priced = own - multiplier * price
            is_better = priced > best
            for target, source in ((best, priced), (chosen, own), (spent, price)):
                numpy.copyto(target, source, where=is_better)
        value, cost = value + chosen.sum(), cost + spent.sum()
    return value, cost


def highs(campaign, threads, solver="ipx", **settings):
    """HiGHS on the linear relaxation, by default its interior point without crossover."""
    values, matrix, bounds = campaign.model()
    rows, columns = matrix.shape
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_, lp.sense_ = columns, rows, highspy.ObjSense.kMaximize
    lp.col_cost_, lp.col_lower_ = values, numpy.zeros(columns)
    # The rows of the members keep every variable at 1 or below.
    lp.col_upper_ = numpy.full(columns, highspy.kHighsInf)
    lp.row_lower_, lp.row_upper_ = numpy.full(rows, -highspy.kHighsInf), bounds
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = matrix.indptr, matrix.indices
    lp.a_matrix_.value_ = matrix.data

    def run():
        model = highspy.Highs()
        options = {
            "output_flag": False, "solver": solver, "run_crossover": "off", "threads": threads}
        for name, value in (options | settings).items():
            model.setOptionValue(name, value)
        model.passModel(lp)
        start = time.perf_counter()
        model.run()
        seconds = time.perf_counter() - start
        objective = model.getInfo().objective_function_value
        highspy.Highs.resetGlobalScheduler(True)
        return objective, seconds
    return run


def glop(campaign, limit_seconds):
    """GLOP of OR-Tools by its model of linear programs; NaN when the limit ends it."""
    values, matrix, bounds = campaign.model()
    solver = pywraplp.Solver.CreateSolver("GLOP")
    variables = [solver.NumVar(0, solver.infinity(), "") for _ in values]
    rows = [solver.Constraint(-solver.infinity(), bound) for bound in bounds]
    for column, variable in enumerate(variables):
        for place in range(matrix.indptr[column], matrix.indptr[column + 1]):
            rows[matrix.indices[place]].SetCoefficient(variable, matrix.data[place])
        solver.Objective().SetCoefficient(variable, values[column])
    solver.Objective().SetMaximization()
    solver.SetTimeLimit(int(1000 * limit_seconds))

    def run():
        start = time.perf_counter()
        status = solver.Solve()
        seconds = time.perf_counter() - start
        is_optimal = status == pywraplp.Solver.OPTIMAL
        return solver.Objective().Value() if is_optimal else float("nan"), seconds
    return run
