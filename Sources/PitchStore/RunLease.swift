import Foundation

/// The right to change a store, held by one run at a time: an advisory lock on `<store>.lock`,
/// which the kernel frees when the process ends, however it ends.
package final class RunLease {
    private let descriptor: Int32

    /// - Throws: `StoreError` of kind `busy` when another run holds it.
    package init(store path: String) throws {
        let action = "take the store '\(path)'"
        let descriptor = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            let kind: StoreError.Kind =
                errno == EACCES || errno == EROFS
                ? .readOnly : errno == ENOSPC ? .full : .failed
            throw StoreError(kind, action, String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isHeld = errno == EWOULDBLOCK
            let reason = isHeld ? "another run holds it" : String(cString: strerror(errno))
            Foundation.close(descriptor)
            throw StoreError(isHeld ? .busy : .failed, action, reason)
        }
        self.descriptor = descriptor
    }

    package func release() {
        flock(descriptor, LOCK_UN)
    }

    deinit { Foundation.close(descriptor) }
}
