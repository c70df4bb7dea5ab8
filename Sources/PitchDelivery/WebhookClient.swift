import CCurl

/// One message as HTTP sends it.
struct WebhookRequest {
    /// By which the answer is told apart.
    let number: Int64
    let address: String
    let headers: [String]
    let body: [UInt8]
    let answerMilliseconds: Int64
}

/// Posts many messages at once over kept connections, and sends none of them twice: curl would send
/// a request again when a kept connection closes without an answer, unless it cannot have the body
/// a second time, and here it cannot.
///
/// Used by one thread.
final class WebhookClient {
    /// Transfers under way.
    private var active: [UnsafeMutableRawPointer: Transfer] = [:]
    private let multi: UnsafeMutableRawPointer

    private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    var activeCount: Int { active.count }

    /// - Parameter connections: how many are kept open at most.
    init(connections: Int) throws(DeliveryError) {
        guard Self.isReady, let multi = curl_multi_init() else {
            throw DeliveryError("start the HTTP client", "curl cannot be used")
        }
        self.multi = multi
        curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, connections)
    }

    deinit {
        for easy in active.keys {
            curl_multi_remove_handle(multi, easy)
            curl_easy_cleanup(easy)
        }
        curl_multi_cleanup(multi)
    }

    func start(_ request: WebhookRequest) throws(DeliveryError) {
        // A new handle each time, over kept connections: one that is used again remembers, in some
        // versions of curl, the headers of its last answer where they no longer are.
        guard let easy = curl_easy_init() else {
            throw DeliveryError("post to a webhook", "curl cannot be used")
        }
        let transfer = Transfer(request)
        transfer.configure(easy)
        active[easy] = transfer
        curl_multi_add_handle(multi, easy)
    }

    /// Sends and receives until something ends or the time is over.
    /// - Returns: the answers, by the numbers of their requests.
    func wait(milliseconds: Int32) -> [(number: Int64, answer: WebhookAnswer)] {
        var running: Int32 = 0
        curl_multi_perform(multi, &running)
        var ended = takeEnded()
        if ended.isEmpty, running > 0 {
            curl_multi_poll(multi, nil, 0, milliseconds, nil)
            curl_multi_perform(multi, &running)
            ended = takeEnded()
        }
        return ended
    }

    /// Breaks off what is under way: taken or not, nobody knows.
    func abandon() -> [(number: Int64, answer: WebhookAnswer)] {
        let broken = active.values.map { transfer in
            let reason = "interrupted before the answer came"
            return (transfer.request.number, transfer.hasBegun ? .lost(reason) : .notSent(reason))
                as (number: Int64, answer: WebhookAnswer)
        }
        for easy in active.keys {
            curl_multi_remove_handle(multi, easy)
            curl_easy_cleanup(easy)
        }
        active.removeAll()
        return broken
    }

    private func takeEnded() -> [(number: Int64, answer: WebhookAnswer)] {
        var ended: [(number: Int64, answer: WebhookAnswer)] = []
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                let transfer = active.removeValue(forKey: easy)
            else { continue }
            ended.append(
                (transfer.request.number, transfer.answer(message.pointee.data.result, easy)))
            curl_multi_remove_handle(multi, easy)
            curl_easy_cleanup(easy)
        }
        return ended
    }
}

/// A request under way. Curl's callbacks hold its address while `WebhookClient` holds it.
private final class Transfer {
    let request: WebhookRequest
    private var sent = 0
    private var received = 0
    private var head = AnswerHead()
    private var headers: UnsafeMutablePointer<curl_slist>?

    /// More of an answer tells nobody anything.
    private static let longestAnswer = 1 << 20
    private static let connectMilliseconds = 5_000

    init(_ request: WebhookRequest) {
        self.request = request
        for header in request.headers { headers = curl_slist_append(headers, header) }
    }

    deinit { curl_slist_free_all(headers) }

    /// Whether the receiver may have the whole message: its body is never empty, and only here is
    /// it given to curl.
    var hasBegun: Bool { sent > 0 }

    func configure(_ easy: UnsafeMutableRawPointer) {
        // Curl copies the texts, and the client keeps this object until the transfer is removed.
        let address = Unmanaged.passUnretained(self).toOpaque()
        curl_set_pointer(easy, CURLOPT_URL, request.address)
        curl_set_pointer(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        curl_set_pointer(easy, CURLOPT_HTTPHEADER, headers)
        curl_set_long(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        curl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
        curl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        curl_set_long(
            easy, CURLOPT_CONNECTTIMEOUT_MS,
            min(Self.connectMilliseconds, Int(request.answerMilliseconds)))
        curl_set_long(easy, CURLOPT_TIMEOUT_MS, Int(request.answerMilliseconds))
        curl_set_long(easy, CURLOPT_POST, 1)
        curl_set_long(easy, CURLOPT_POSTFIELDSIZE, request.body.count)
        curl_set_pointer(easy, CURLOPT_READDATA, address)
        curl_set_callback(easy, CURLOPT_READFUNCTION) { buffer, size, count, address in
            Transfer.at(address)?.read(into: buffer, size * count) ?? 0
        }
        curl_set_pointer(easy, CURLOPT_HEADERDATA, address)
        curl_set_callback(easy, CURLOPT_HEADERFUNCTION) { line, size, count, address in
            let line = UnsafeRawBufferPointer(start: line, count: size * count)
            Transfer.at(address)?.head.add(line)
            return size * count
        }
        curl_set_pointer(easy, CURLOPT_WRITEDATA, address)
        curl_set_callback(easy, CURLOPT_WRITEFUNCTION) { _, size, count, address in
            Transfer.at(address)?.receive(size * count) ?? 0
        }
    }

    private static func at(_ address: UnsafeMutableRawPointer?) -> Transfer? {
        address.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }

    private func read(into buffer: UnsafeMutablePointer<CChar>?, _ room: Int) -> Int {
        guard let buffer else { return 0 }
        let part = request.body[sent...].prefix(room)
        part.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            UnsafeMutableRawPointer(buffer).copyMemory(from: start, byteCount: bytes.count)
        }
        sent += part.count
        return part.count
    }

    /// What an answer says beyond its status is not kept: it may repeat a secret.
    private func receive(_ count: Int) -> Int {
        received += count
        return received <= Self.longestAnswer ? count : 0
    }

    func answer(_ code: CURLcode, _ easy: UnsafeMutableRawPointer) -> WebhookAnswer {
        guard code == CURLE_OK else {
            let reason = Self.reason(of: code, hasBegun)
            return hasBegun ? .lost(reason) : .notSent(reason)
        }
        // Curl takes much for an answer that HTTP does not.
        guard let status = head.status else {
            return hasBegun ? .lost("the answer is not HTTP") : .notSent("the answer is not HTTP")
        }
        var rest = 0
        curl_get_offset(easy, CURLINFO_RETRY_AFTER, &rest)
        return .status(status, restSeconds: Int64(rest))
    }

    /// - Returns: in words that quote nothing, as addresses and answers may be secret.
    private static func reason(of code: CURLcode, _ hasBegun: Bool) -> String {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: "the host is not known"
        case CURLE_COULDNT_CONNECT: "no connection: it was refused or the host is out of reach"
        case CURLE_OPERATION_TIMEDOUT: hasBegun ? "no answer in time" : "no connection in time"
        case CURLE_GOT_NOTHING, CURLE_SEND_FAIL_REWIND: "the connection closed without an answer"
        case CURLE_PARTIAL_FILE: "the answer was cut off"
        case CURLE_RECV_ERROR: "the connection broke before the answer was whole"
        case CURLE_SEND_ERROR: "the connection broke while the message was sent"
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL: "the answer is not HTTP"
        case CURLE_WRITE_ERROR: "the answer is too long"
        case CURLE_PEER_FAILED_VERIFICATION: "the host's certificate is not to be trusted"
        case CURLE_SSL_CONNECT_ERROR: "no secure connection"
        default: "the HTTP client gave up (curl \(code.rawValue))"
        }
    }
}

/// The lines before an answer's body, as they come: interim answers first, then the final one's.
struct AnswerHead {
    private var found: Int?
    private var isWhole = false

    /// The status of an answer whose head came to its end (RFC 9112); nil otherwise.
    var status: Int? { isWhole ? found : nil }

    mutating func add(_ line: UnsafeRawBufferPointer) {
        if line.starts(with: "HTTP/".utf8) {
            found = Self.status(in: line)
            isWhole = false
        } else if line.allSatisfy({ $0 == 13 || $0 == 10 }) {
            isWhole = true
        }
    }

    /// The status of `HTTP/1.1 200 OK`.
    private static func status(in line: UnsafeRawBufferPointer) -> Int? {
        let figures = UInt8(ascii: "0")...UInt8(ascii: "9")
        let form = Array("HTTP/1.9 999".utf8)
        guard line.count > form.count, [13, 10, 32].contains(line[form.count]) else { return nil }
        for (byte, expected) in zip(line, form) {
            guard expected == UInt8(ascii: "9") ? figures.contains(byte) : byte == expected else {
                return nil
            }
        }
        return line[9..<12].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
}
