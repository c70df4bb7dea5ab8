import Foundation
import PitchSchema
import PitchTestSupport
import Synchronization
import Testing

@testable import PitchDelivery

/// Posting to a real server, whatever it answers.
@Suite struct WebhookClientTests {
    private static let letter = Letter(
        number: 1, id: "0badc0de", line: "{\"to\":\"1\",\"text\":\"Grüße\"}", attempts: 0,
        triedFrom: 0)

    /// Posts letters one after the other over one client, and gives the answers.
    private func post(
        _ count: Int = 1, to address: String, patience: Int64 = 5000, key: String? = nil
    ) throws -> [WebhookAnswer] {
        let channel = WebhookChannel(
            name: "sms", address: address, key: key.map { Array($0.utf8) },
            answerMilliseconds: patience)
        let client = try WebhookClient(connections: 8)
        return try (1...count).flatMap { number in
            let letter = Letter(
                number: Int64(number), id: "id\(number)", line: Self.letter.line, attempts: 0,
                triedFrom: 0)
            try client.start(channel.request(for: letter, wallSeconds: 1_775_000_000))
            var answers: [WebhookAnswer] = []
            while client.activeCount > 0 {
                answers += client.wait(milliseconds: 100).map(\.answer)
            }
            return answers
        }
    }

    @Test(arguments: [
        (200, WebhookAnswer.Meaning.taken), (202, .taken), (204, .taken),
        (301, .never("answered 301: the address has moved")), (400, .never("answered 400")),
        (404, .never("answered 404")), (408, .notNow("answered 408")),
        (425, .notNow("answered 425")), (429, .notNow("answered 429")),
        (500, .notNow("answered 500")), (503, .notNow("answered 503")),
        (502, .unclear("answered 502: a gateway lost the answer")),
        (504, .unclear("answered 504: a gateway lost the answer")),
        (700, .unclear("answered 700, which HTTP does not know")),
    ])
    func statuses(status: Int, meaning: WebhookAnswer.Meaning) throws {
        let receiver = try LocalReceiver { _ in
            .status(status, headers: ["Location": "/elsewhere"], body: status == 204 ? "" : "ok")
        }
        defer { receiver.stop() }
        #expect(try post(to: receiver.address).map(\.meaning) == [meaning])
        #expect(receiver.requests.count == 1)
    }

    @Test func whatIsPosted() throws {
        let receiver = try LocalReceiver()
        defer { receiver.stop() }
        #expect(try post(to: receiver.address, key: "s3cret").map(\.meaning) == [.taken])
        let request = try #require(receiver.requests.first)
        #expect(request.body == "{\"id\":\"id1\",\"to\":\"1\",\"text\":\"Grüße\"}")
        #expect(request.headers["content-type"] == "application/json")
        #expect(request.headers["idempotency-key"] == "id1")
        #expect(request.headers["pitch-timestamp"] == "1775000000")
        #expect(request.headers["expect"] == nil)
        // As a receiver computes it, with another implementation.
        let script = """
            import hashlib, hmac, sys
            print(hmac.new(b"s3cret", sys.argv[1].encode(), hashlib.sha256).hexdigest())
            """
        let answer = try BuiltCommand.run(
            "/usr/bin/env", ["python3", "-c", script, "1775000000." + request.body],
            in: FileManager.default.temporaryDirectory)
        let signature = answer.output.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(request.headers["pitch-signature"] == "v1=\(signature)")
    }

    @Test func aBodyOfAnyLengthArrivesWhole() throws {
        let receiver = try LocalReceiver()
        defer { receiver.stop() }
        let channel = WebhookChannel(name: "sms", address: receiver.address)
        let client = try WebhookClient(connections: 8)
        for length in [1, 1000, 70_000, 3_000_000] {
            let text = String(repeating: "x", count: length)
            let letter = Letter(
                number: 1, id: "\(length)", line: "{\"text\":\"\(text)\"}", attempts: 0,
                triedFrom: 0)
            try client.start(channel.request(for: letter, wallSeconds: 0))
            while client.activeCount > 0 { _ = client.wait(milliseconds: 100) }
            let expected = String(decoding: WebhookChannel.body(of: letter), as: UTF8.self)
            #expect(receiver.requests.last?.body == expected)
        }
    }

    @Test func restIsUnderstood() throws {
        let receiver = try LocalReceiver { _ in .status(429, headers: ["Retry-After": "17"]) }
        defer { receiver.stop() }
        #expect(try post(to: receiver.address) == [.status(429, restSeconds: 17)])
    }

    @Test(arguments: [
        (LocalReceiver.Reply.close, "the connection closed without an answer"),
        (.bytes(Array("hello there\r\n\r\n".utf8)), "the answer is not HTTP"),
        (.bytes([0, 255, 10, 13, 7]), "the answer is not HTTP"),
        (.bytes(Array("HTTP/1.1".utf8)), nil), (.bytes(Array("HTTP/1.1 200 OK\r\nA: b".utf8)), nil),
        (.cutOff(200), "the answer was cut off"), (.cutOff(500), "the answer was cut off"),
        (.silence, "no answer in time"),
    ] as [(LocalReceiver.Reply, String?)])
    func aLostAnswerIsUnclear(reply: LocalReceiver.Reply, reason: String?) throws {
        let receiver = try LocalReceiver { _ in reply }
        defer { receiver.stop() }
        let answers = try post(to: receiver.address, patience: 700)
        #expect(answers.count == 1)
        guard case .lost(let found)? = answers.first else {
            Issue.record("\(answers)")
            return
        }
        if let reason { #expect(found == reason) }
        #expect(receiver.requests.count == 1)
    }

    @Test func anEndlessAnswerIsBrokenOff() throws {
        let receiver = try LocalReceiver { _ in
            .status(200, body: String(repeating: "x", count: 5_000_000))
        }
        defer { receiver.stop() }
        #expect(try post(to: receiver.address) == [.lost("the answer is too long")])
    }

    /// Curl by itself sends a request again when a kept connection closes without an answer.
    @Test(arguments: [LocalReceiver.Reply.close, .bytes([]), .bytes([13])])
    func nothingIsSentTwiceOverAKeptConnection(reply: LocalReceiver.Reply) throws {
        let receiver = try LocalReceiver { request in
            request.id.hasSuffix("1") ? .status(200) : reply
        }
        defer { receiver.stop() }
        let answers = try post(11, to: receiver.address)
        #expect(answers.filter { $0.meaning == .taken }.count == 2)
        #expect(receiver.requests.map(\.id) == (1...11).map { "id\($0)" })
    }

    @Test func whereNobodyListensNothingIsSent() throws {
        let receiver = try LocalReceiver()
        receiver.stop()
        usleep(50_000)
        let answers = try post(to: receiver.address)
        #expect(
            answers == [.notSent("no connection: it was refused or the host is out of reach")])
    }

    /// Whatever bytes come: only a whole answer with a status of success counts.
    @Test func damagedAnswers() throws {
        let answer = Mutex<[UInt8]>([])
        let receiver = try LocalReceiver(keepsRequests: false) { _ in
            .bytes(answer.withLock { $0 })
        }
        defer { receiver.stop() }
        let channel = WebhookChannel(
            name: "sms", address: receiver.address, answerMilliseconds: 2000)
        let client = try WebhookClient(connections: 8)
        var generator = SeededGenerator(seed: 5)
        var number: Int64 = 0
        var taken = 0
        try Fuzz.inputs(of: "answers of a webhook", { Self.damaged(&generator) }) { bytes in
            answer.withLock { $0 = bytes }
            number += 1
            let letter = Letter(
                number: number, id: "\(number)", line: "{}", attempts: 0, triedFrom: 0)
            try client.start(channel.request(for: letter, wallSeconds: 0))
            var ended: [(number: Int64, answer: WebhookAnswer)] = []
            while client.activeCount > 0 { ended += client.wait(milliseconds: 100) }
            guard ended.map(\.number) == [number] else { return "\(ended.count) answers" }
            guard ended.first?.answer.meaning == .taken else { return nil }
            taken += 1
            let text = String(decoding: bytes, as: UTF8.self)
            return text.contains(#/HTTP/1\.\d 2\d\d/#) ? nil : "it counts as taken"
        }
        // A connection that the server closed just then may swallow a message.
        #expect(receiver.takenCount <= number)
        #expect(taken > 0 && taken < number)
    }

    private static let sound = [
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 Fine\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "HTTP/1.1 503 No\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 429 No\r\nRetry-After: Fri, 31 Dec 2027 23:59:59 GMT\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.0 200 OK\r\n\r\nuntil the end",
        "HTTP/1.1 301 Moved\r\nLocation: http://localhost/\r\nContent-Length: 0\r\n\r\n",
    ]

    private static func damaged(_ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = Array((sound.randomElement(using: &generator) ?? "").utf8)
        for _ in 0..<Int.random(in: 0...4, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
            case 3: bytes.removeLast(bytes.count - place)
            default: bytes += bytes[place...]
            }
        }
        return bytes
    }
}
