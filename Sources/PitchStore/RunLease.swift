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
