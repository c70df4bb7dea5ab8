import PitchSchema
import Synchronization

/// The events of one data set: by member, and by time within blocks of members. The latter is
/// taken from where it is kept, or made, when it is first needed.
final class EventTable: Sendable {
    let index: EventIndex
    /// Days or instants of all events.
    let at: PackedColumn
    /// Members a block, a multiple of 64 and at most 65,536.
    let blockRows: Int
    /// The most events of a member.
    let greatestCount: Int
    private let kept: KeptTimeOrder?
    private let order = Mutex<TimeOrder?>(nil)
    /// How many windows all members' events were counted in.
    private let windows = Mutex<Int>(0)

    /// Counting in so many windows without the order costs about as much as making it, or as
    /// taking it from where it is kept.
    private static let windowsWorthMaking = 16
    private static let windowsWorthTaking = 10

    /// - Parameter kept: their order by time, if it is of blocks of this size.
    init(_ index: EventIndex, at: PackedColumn, blockRows: Int, kept: KeptTimeOrder? = nil) {
        self.index = index
        self.at = at
        self.blockRows = blockRows
        self.kept = kept?.blockRows == blockRows && at.known == nil ? kept : nil
        greatestCount = zip(index.offsets, index.offsets.dropFirst()).reduce(0) {
            max($0, Int($1.1 - $1.0))
        }
    }

    /// Whether to put the events in order by time before counting in so many windows, which are
    /// added to those before.
    func isOrderWorth(windows more: Int) -> Bool {
        windows.withLock { $0 += more }
        return isOrderWorthNow(windows: 0)
    }

    /// The same, and nothing is added.
    func isOrderWorthNow(windows more: Int) -> Bool {
        let enough = kept == nil ? Self.windowsWorthMaking : Self.windowsWorthTaking
        return windows.withLock { $0 + more > enough }
    }

    var timeOrder: TimeOrder {
        order.withLock { order in
            if let order { return order }
            let taken = kept?.places().flatMap {
                TimeOrder(index, at: at.values, places: $0, blockRows: blockRows)
            }
            let made = taken ?? TimeOrder(index, at: at, blockRows: blockRows)
            order = made
            return made
        }
    }
}
