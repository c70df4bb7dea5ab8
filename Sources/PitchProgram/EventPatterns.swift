import PitchSchema

/// The rows of one event data set that count: those for which the filter is true.
package struct EventRows: Sendable {
    package let dataSet: DataSetID
    /// Over the event row in scope and the member; nil: all rows count.
    package let filter: Expression?
    /// In a sequence: what must be known and equal in both of its rows, over the event row in
    /// scope.
    package let same: [Expression]

    package init(_ dataSet: DataSetID, filter: Expression? = nil, same: [Expression] = []) {
        self.dataSet = dataSet
        self.filter = filter
        self.same = same
    }
}

/// Which of the events of a member count, by their position from 1: the n-th (`first` is number 1),
/// or every n-th.
package struct Ordinal: Sendable, Hashable {
    package let number: Int
    package let repeats: Bool

    package init(_ number: Int, repeats: Bool = false) {
        self.number = number
        self.repeats = repeats
    }

    package func holds(at position: Int) -> Bool {
        repeats ? position.isMultiple(of: number) : position == number
    }
}

/// `first purchase`, `purchase number 3`, `every 5th purchase where …`: a member's events are
/// counted by `at`, then data set in the order of the file, then key; only rows that count have a
/// position.
package struct EventCount: Sendable {
    /// One a data set that feeds the scene.
    package let rows: [EventRows]
    package let ordinal: Ordinal

    package init(_ rows: [EventRows], _ ordinal: Ordinal) {
        self.rows = rows
        self.ordinal = ordinal
    }
}

/// `A then B within D`, `A then no B within D` and `balance idle for D`, which is `topup then no
/// topup within D`.
///
/// B follows A when it is later, up to A's `at` + D included. Where both have one `at`, or one of
/// their data sets has no hour and both are of one local day, B follows if it is of another scene,
/// and otherwise if its data set and key come later. With a data set that has no hour whole days
/// count: the window ends with its last day.
package struct EventSequence: Sendable {
    /// A: one a data set.
    package let first: [EventRows]
    /// Which of A's rows count by their position; nil: all.
    package let ordinal: Ordinal?
    /// B: one a data set.
    package let second: [EventRows]
    /// `then no`
    package let isAbsence: Bool
    /// D.
    package let within: Period
    /// What tells it from other sequences that begin with the same data set: the line from `then`
    /// on as written, in single blanks.
    package let wording: String

    package init(
        _ first: [EventRows], ordinal: Ordinal? = nil, then second: [EventRows], isAbsence: Bool,
        within: Period, wording: String
    ) {
        self.first = first
        self.ordinal = ordinal
        self.second = second
        self.isAbsence = isAbsence
        self.within = within
        self.wording = wording
    }
}

/// `coupon off20 expiring in 3 days`: each coupon that was issued and is not used, on the local day
/// so many days before its last one.
package struct CouponExpiry: Sendable, Hashable {
    /// Index into `Program.coupons`.
    package let coupon: Int
    package let daysBefore: Int

    package init(coupon: Int, daysBefore: Int) {
        self.coupon = coupon
        self.daysBefore = daysBefore
    }
}
