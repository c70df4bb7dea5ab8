import Foundation

/// A right on a store, held by one process at a time: an advisory lock on a file beside it, which
/// the kernel frees when the process ends, however it ends.
package final class RunLease {
    package enum Right: String, Sendable {
        /// To load and to judge.
        case run = "lock"
        /// To hand over what waits in the outbox.
        case delivery = "delivery.lock"
    }

    private let descriptor: Int32

    /// - Throws: `StoreError` of kind `busy` when another run holds it.
    package init(store path: String, for right: Right = .run) throws {
        let action = "take the store '\(path)'"
        let descriptor = open(path + "." + right.rawValue, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw StoreError(errno: errno, action)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            Foundation.close(descriptor)
            throw code == EWOULDBLOCK
                ? StoreError(.busy, action, "another run holds it")
                : StoreError(errno: code, action)
        }
        self.descriptor = descriptor
    }

    package func release() {
        flock(descriptor, LOCK_UN)
    }

    deinit { Foundation.close(descriptor) }
}
