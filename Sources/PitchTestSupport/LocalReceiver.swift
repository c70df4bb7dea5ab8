import Foundation
import Synchronization

/// A real HTTP server on a free port of this machine, a thread a connection, that answers as a test
/// says: also with garbage, late, or not at all.
package final class LocalReceiver: Sendable {
    package struct Request: Sendable, Equatable {
        /// By lower-case names.
        package let headers: [String: String]
        package let body: String
        package var id: String { headers["idempotency-key"] ?? "" }
    }

    package enum Reply: Sendable {
        case status(Int, headers: [String: String] = [:], body: String = "ok")
        /// These bytes, whatever they are, and then the end of the connection.
        case bytes([UInt8])
        /// The end of the connection without a byte.
        case close
        /// Headers that promise more than comes before the end of the connection.
        case cutOff(Int)
        /// Nothing, for as long as the sender waits.
        case silence

        /// Whether a receiver that replies so has taken the message: it refuses by its status only.
        var isTaking: Bool {
            if case .status(let status, _, _) = self { status < 300 } else { true }
        }
    }

    private struct State {
        var requests: [Request] = []
        var taken: [String: Int] = [:]
        var takenCount = 0
        var connections: Set<Int32> = []
        var isStopped = false
        var keepsRequests: Bool
    }

    package let port: UInt16
    private let listener: Int32
    private let state: Mutex<State>
    private let reply: @Sendable (Request) -> Reply

    /// - Parameters:
    ///   - keepsRequests: whether `requests` and `taken` are filled.
    ///   - reply: called for every whole request, on the connection's thread.
    package init(
        keepsRequests: Bool = true,
        reply: @escaping @Sendable (Request) -> Reply = { _ in .status(200) }
    ) throws {
        self.reply = reply
        state = Mutex(State(keepsRequests: keepsRequests))
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = listener
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && listen(socket, 128) == 0
                    && getsockname(socket, $0, &length) == 0
            }
        }
        guard isBound else { throw POSIXError(.init(rawValue: errno) ?? .EADDRINUSE) }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in accept() }
    }

    package var address: String { "http://127.0.0.1:\(port)/messages" }

    /// Whole requests, in the order in which they came.
    package var requests: [Request] { state.withLock(\.requests) }

    /// How often the message of each id was taken.
    package var taken: [String: Int] { state.withLock(\.taken) }

    /// How many messages were taken.
    package var takenCount: Int { state.withLock(\.takenCount) }

    /// Ends all connections and takes no new one.
    package func stop() {
        state.withLock { state in
            if state.isStopped { return }
            state.isStopped = true
            shutdown(listener, Int32(SHUT_RDWR))
            for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
        }
    }

    deinit { stop() }

    private func accept() {
        while true {
            let connection = Foundation.accept(listener, nil, nil)
            if connection < 0 {
                if errno == EINTR || errno == ECONNABORTED { continue }
                break
            }
            _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
            var one: Int32 = 1
            setsockopt(
                connection, Int32(IPPROTO_TCP), TCP_NODELAY, &one,
                socklen_t(MemoryLayout<Int32>.size))
            let isOpen = state.withLock { state in
                if !state.isStopped { state.connections.insert(connection) }
                return !state.isStopped
            }
            guard isOpen else {
                close(connection)
                break
            }
            Thread.detachNewThread { [self] in serve(connection) }
        }
        close(listener)
    }

    private func serve(_ connection: Int32) {
        var reader = RequestReader(connection: connection)
        while let request = reader.next() {
            let reply = reply(request)
            state.withLock { state in
                if state.keepsRequests { state.requests.append(request) }
                guard reply.isTaking else { return }
                state.takenCount += 1
                if state.keepsRequests { state.taken[request.id, default: 0] += 1 }
            }
            guard perform(reply, on: connection) else { break }
        }
        state.withLock { _ = $0.connections.remove(connection) }
        close(connection)
    }

    /// - Returns: whether the connection goes on.
    private func perform(_ reply: Reply, on connection: Int32) -> Bool {
        switch reply {
        case .status(let status, let headers, let body):
            let lines = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
            let head = "HTTP/1.1 \(status) Text\r\nContent-Length: \(body.utf8.count)\r\n\(lines)"
            return write(Array("\(head)\r\n\(body)".utf8), to: connection)
        case .bytes(let bytes):
            _ = write(bytes, to: connection)
            return false
        case .close: return false
        case .cutOff(let status):
            let head = "HTTP/1.1 \(status) Text\r\nContent-Length: 100\r\n\r\nabc"
            _ = write(Array(head.utf8), to: connection)
            return false
        case .silence:
            var byte: UInt8 = 0
            while recv(connection, &byte, 1, 0) > 0 {}
            return false
        }
    }

    private func write(_ bytes: [UInt8], to connection: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}

/// Requests with a `Content-Length`, one after the other.
private struct RequestReader {
    let connection: Int32
    private var buffer: [UInt8] = []

    init(connection: Int32) { self.connection = connection }

    /// The next whole request; nil at the end of the connection.
    mutating func next() -> LocalReceiver.Request? {
        while true {
            if let request = take() { return request }
            var part = [UInt8](repeating: 0, count: 16_384)
            let count = recv(connection, &part, part.count, 0)
            if count <= 0 { return nil }
            buffer += part[..<count]
        }
    }

    private mutating func take() -> LocalReceiver.Request? {
        let end = Array("\r\n\r\n".utf8)
        let places = buffer.indices.dropLast(3)
        guard let head = places.first(where: { buffer[$0..<$0 + 4] == end[...] }) else {
            return nil
        }
        let lines = String(decoding: buffer[..<head], as: UTF8.self).split(separator: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        let start = head + 4
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        guard buffer.count >= start + length else { return nil }
        let body = String(decoding: buffer[start..<start + length], as: UTF8.self)
        buffer.removeFirst(start + length)
        return LocalReceiver.Request(headers: headers, body: body)
    }
}
