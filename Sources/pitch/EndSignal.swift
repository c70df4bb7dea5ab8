import Foundation
import Synchronization

/// Ctrl-C and the signal to terminate, noticed by a handler and taken by whoever waits.
enum EndSignal {
    private static let pending = Atomic(false)
    private static let numbers = [SIGINT, SIGTERM]

    static var isPending: Bool { pending.load(ordering: .relaxed) }
    static func clear() { pending.store(false, ordering: .relaxed) }

    /// The first is noted; the second has its usual effect.
    static func listen() {
        for number in numbers {
            signal(number) { number in
                EndSignal.pending.store(true, ordering: .relaxed)
                signal(number, SIG_DFL)
            }
        }
        // Whoever started the program may have blocked them.
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in numbers { sigaddset(&signals, number) }
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    /// Does what may begin to listen, and leaves the signals as they were.
    static func whileListening<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let former = numbers.map { number in
            var action = sigaction()
            sigaction(number, nil, &action)
            return (number, action)
        }
        defer {
            for (number, action) in former {
                var action = action
                sigaction(number, &action, nil)
            }
        }
        return try body()
    }
}
