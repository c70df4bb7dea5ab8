import Foundation
import GRDB

/// A failure of the world while the store, or a source of data, was at work: what was being done
/// to what, and why it failed.
package struct StoreError: Error, Equatable, CustomStringConvertible {
    package enum Kind: Sendable {
        /// Another run holds the store.
        case busy
        /// The file is no store, or one of a newer version.
        case notAStore, newer
        /// The file's bytes are broken.
        case damaged
        /// It cannot be written: permissions, a read-only disk, no space.
        case readOnly, full
        /// The store has no file yet, or it lacks what the script declares: a load repairs both.
        case missing, outdated
        /// The script's keys no longer fit what the store remembers.
        case incompatible
        /// A source is missing, or is not of the declared form.
        case source
        /// More rows were quarantined than the script accepts.
        case quarantined
        /// Anything else.
        case failed
    }

    package let kind: Kind
    /// What was being done to what: `load 'data/orders.csv' into 'shop.db'`.
    package let action: String
    package let reason: String

    package init(_ kind: Kind, _ action: String, _ reason: String) {
        self.kind = kind
        self.action = action
        self.reason = reason
    }

    package var description: String { "could not \(action): \(reason)" }

    /// The store's words for an error of SQLite.
    init(_ error: any Error, _ action: String) {
        if let known = error as? StoreError {
            self = known
        } else if let cell = error as? DamagedCell {
            let found = "expected \(cell.expected) in '\(cell.place)'"
            self.init(.damaged, action, "the file is damaged: \(found); restore it from a copy")
        } else if error is RowDecodingError {
            self.init(.damaged, action, "the file is damaged; restore it from a copy")
        } else if let failure = error as? DatabaseError {
            self.init(code: failure.resultCode.rawValue, failure.message, action)
        } else {
            self.init(.failed, action, "\(error)")
        }
    }

    /// The store's words for what the system says of a failed call.
    init(errno code: Int32, _ action: String, otherwise kind: Kind = .failed) {
        switch code {
        case EACCES where kind == .failed, EROFS:
            self.init(.readOnly, action, Self.reason(code))
        case ENOSPC, EDQUOT, EFBIG: self.init(.full, action, "the disk is full")
        default: self.init(kind, action, Self.reason(code))
        }
    }

    /// `permission denied`
    private static func reason(_ code: Int32) -> String {
        let text = String(cString: strerror(code))
        return text.prefix(1).lowercased() + text.dropFirst()
    }

    /// The store's words for a result code of SQLite (the low byte counts).
    init(code: Int32, _ message: String?, _ action: String) {
        let (kind, reason) = Self.words[code & 0xFF] ?? (.failed, message ?? "SQLite error \(code)")
        self.init(kind, action, reason)
    }

    private static let words: [Int32: (Kind, String)] = [
        5: (.busy, "another run holds it"), 6: (.busy, "another run holds it"),
        8: (.readOnly, "the file cannot be written"),
        10: (.failed, "the disk failed to read or write"),
        11: (.damaged, "the file is damaged; restore it from a copy"),
        13: (.full, "the disk is full"),
        14: (.failed, "the file cannot be opened"),
        23: (.readOnly, "the file cannot be written"),
        26: (.notAStore, "the file is not a Pitch store"),
    ]
}
