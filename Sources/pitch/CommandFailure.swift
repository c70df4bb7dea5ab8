import Foundation

/// How a command ends; `commands.md` of the design fixes the numbers.
enum ExitStatus: Int32 {
    case done = 0
    /// The script has errors.
    case script = 1
    /// Wrong usage.
    case usage = 2
    /// A file, the store or a channel failed; nothing is half done.
    case world = 3
    /// Something was not delivered, failed for a member, or was quarantined.
    case partly = 4
    /// No plan is valid on that day.
    case nothingToRun = 5
    /// `fmt --check` found a file that is laid out otherwise.
    case gate = 6
    /// A bug in Pitch.
    case bug = 70
    /// Another run holds the store.
    case busy = 75
    /// Ctrl-C, at the prompt.
    case interrupted = 130
}

/// Why a command stops before its end, in one line for standard error.
struct CommandFailure: Error {
    let status: ExitStatus
    /// Lower case, no final period.
    let message: String
    /// The faults of the script behind it, for JSON; as text they are already written.
    let faults: [JSONValue]

    init(_ status: ExitStatus, _ message: String, faults: [JSONValue] = []) {
        self.status = status
        self.message = message
        self.faults = faults
    }
}

/// What the system says about a failed file operation, without the class names around it.
func worldReason(_ error: any Error) -> String {
    let cocoa = error as NSError
    let underlying = cocoa.userInfo[NSUnderlyingErrorKey] as? NSError ?? cocoa
    if underlying.domain == NSPOSIXErrorDomain {
        return String(cString: strerror(Int32(underlying.code))).lowercasedFirst
    }
    return switch cocoa.code {
    case NSFileReadNoSuchFileError, NSFileNoSuchFileError: "no such file or directory"
    case NSFileReadNoPermissionError, NSFileWriteNoPermissionError: "permission denied"
    case NSFileWriteOutOfSpaceError: "no space left on device"
    case NSFileWriteVolumeReadOnlyError: "read-only file system"
    default: cocoa.localizedDescription.lowercasedFirst
    }
}

extension String {
    var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
