import PitchColumnar
import PitchDelivery
import PitchSource
import PitchStore

/// Why the engine could not do what was asked. Its kind decides the exit code of a command.
package struct WorkspaceError: Error, Sendable {
    package enum Kind: Int32, Sendable {
        /// The script has errors, or uses what is not executed yet; see `diagnostics`.
        case script = 1
        /// A name, an argument or a combination that means nothing.
        case usage = 2
        /// A file, the store or a channel failed; nothing is half done.
        case world = 3
        /// Done in part: something will be tried again.
        case partly = 4
        /// No plan is valid, or no strategy is due.
        case nothingToRun = 5
        /// Another run holds the store.
        case busy = 75
        /// Whoever asked no longer wants the answer.
        case cancelled = 130
    }

    package let kind: Kind
    /// Lower case, one line, no final period.
    package let message: String
    /// The faults behind a `script` error; their ranges are of `Workspace.sources`.
    package let diagnostics: [Diagnostic]

    package init(_ kind: Kind, _ message: String, diagnostics: [Diagnostic] = []) {
        self.kind = kind
        self.message = message
        self.diagnostics = diagnostics
    }

    package var exitCode: Int32 { kind.rawValue }
}

extension WorkspaceError {
    /// The engine's words for whatever failed below it.
    init(from error: any Error) {
        if let known = error as? WorkspaceError {
            self = known
        } else if error is Cancelled {
            self.init(.cancelled, "given up")
        } else if let failure = error as? StoreError {
            self.init(Self.kind(of: failure.kind), failure.description)
        } else if let failure = error as? DeliveryError {
            self.init(.world, failure.description)
        } else {
            self.init(.world, "\(error)")
        }
    }

    private static func kind(of kind: StoreError.Kind) -> Kind {
        switch kind {
        case .busy: .busy
        case .quarantined: .partly
        default: .world
        }
    }
}
