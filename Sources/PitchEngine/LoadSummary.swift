/// What loading did, by data set.
package struct LoadSummary: Sendable {
    package struct Reason: Sendable {
        package let file: String
        package let line: Int
        package let field: String
        package let value: String
        package let reason: String
    }
    package struct DataSetCounts: Sendable {
        package let name: String
        package let files: Int
        package let new: Int
        package let changed: Int
        package let unchanged: Int
        package let conflict: Int
        package let quarantined: Int
    }
    package var dataSets: [DataSetCounts]
    /// Examples of rows that were not taken.
    package var reasons: [Reason]
    /// What new redemption data said of coupons.
    package var coupons = CouponReport()
    /// Whether the files of columns were as they were written; nil: nobody asked.
    package var columnsWereWhole: Bool?
    /// Why the files of columns could not be written; questions then read the rows.
    package var columnsFault: String?

    package init(dataSets: [DataSetCounts] = [], reasons: [Reason] = []) {
        self.dataSets = dataSets
        self.reasons = reasons
    }

    package var quarantined: Int { dataSets.reduce(0) { $0 + $1.quarantined } }
    /// Quarantined rows, and those that repeat a key with other values.
    package var untaken: Int { dataSets.reduce(quarantined) { $0 + $1.conflict } }
    /// 4 when rows were quarantined.
    package var exitCode: Int32 { quarantined > 0 ? 4 : 0 }
}

/// What rows of redemption data came to.
package struct CouponReport: Sendable, Equatable {
    /// A row that changed nothing.
    package struct Conflict: Sendable, Equatable {
        package let dataSet: String
        /// The key of the row.
        package let key: String
        package let code: String
        /// `claimed`, `used` or `returned`
        package let step: String
        /// See `CouponConflict`.
        package let reason: String
    }
    package var claimed = 0
    package var used = 0
    package var returned = 0
    /// Rows without a code: coupons that another issued.
    package var notOurs = 0
    /// By reason.
    package var conflicts: [String: Int] = [:]
    /// The first of them.
    package var examples: [Conflict] = []

    package var isEmpty: Bool { self == CouponReport() }
}

/// How far a load is.
package struct LoadStep: Sendable {
    package let dataSet: String
    package let file: String
    package let rows: Int
}
