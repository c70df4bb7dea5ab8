import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

extension Checker {
    /// The clauses that say how a webhook is used; a file has no use for them.
    private static let webhookClauses = ["key env", "rate", "answer within", "retry", "idempotent"]

    /// Where a channel's messages go; nil when that is missing or faulty, which is reported.
    func transport(_ clauses: Clauses) -> Channel.Transport? {
        guard let clause = clauses["webhook"] else {
            reportStray(clauses)
            guard let file = clauses["file"], let folder = string(file, "folder") else {
                return nil
            }
            return .file(folder: folder, isTable: words(file).contains("csv"))
        }
        let address = self.address(clause)
        let key = clauses["key env"].flatMap { variable($0.leaf("variable")) }
        let rate = rate(clauses["rate"])
        let patience = length(
            clauses["answer within"], "patience", Limits.answerMilliseconds, "10 minutes")
        let tries = integer(clauses["retry"], "tries", Limits.retries, "the tries")
        let span = length(clauses["retry"], "span", Limits.retryMilliseconds, "30 days")
        guard let address else { return nil }
        var webhook = Webhook(address: address)
        webhook.keyVariable = key
        webhook.rate = rate
        webhook.answerMilliseconds = patience ?? webhook.answerMilliseconds
        webhook.retries = tries.map(Int.init) ?? webhook.retries
        webhook.retryMilliseconds = span ?? webhook.retryMilliseconds
        webhook.isIdempotent = clauses["idempotent"] != nil
        return .webhook(webhook)
    }

    private func reportStray(_ clauses: Clauses) {
        for name in Self.webhookClauses {
            guard let stray = clauses[name], clauses["file"] != nil else { continue }
            report(
                .webhookClause, "'\(name)' says how a webhook is used, and this channel is a file",
                at: stray.range, help: "leave it out, or write 'webhook' in place of 'file'")
        }
    }

    private func address(_ clause: SyntaxNode) -> Webhook.Address? {
        if let token = clause.leaf("variable") { return variable(token).map { .variable($0) } }
        guard let token = clause.leaf("url"), let url = string(clause, "url") else { return nil }
        guard let fault = WebAddress.fault(of: url) else { return .url(url) }
        report(
            .webhookAddress, "the webhook has no usable address: \(fault)", at: token.range,
            help: "write 'webhook \"https://…\"', or 'webhook env \"NAME\"' for a secret address")
        return nil
    }

    /// The name of an environment variable, as POSIX has it.
    private func variable(_ token: Token?) -> String? {
        guard let token, token.kind == .string else { return nil }
        let name = string(token)
        let isPlain = name.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "_") || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
                || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
        }
        if isPlain, let first = name.first, !first.isNumber { return name }
        report(
            .variableName,
            "expected the name of an environment variable, found \(text(token))", at: token.range,
            help: "letters, figures and '_': 'env \"SMS_KEY\"'; its value stays out of the script")
        return nil
    }

    private func rate(_ clause: SyntaxNode?) -> Webhook.Rate? {
        guard let clause, let count = integer(clause, "rate", Limits.rate, "the rate") else {
            return nil
        }
        let units = ["second": 1000, "minute": 60_000, "hour": 3_600_000] as [String: Int64]
        return words(clause).lazy.compactMap { units[$0] }.first.map {
            Webhook.Rate(count: count, milliseconds: $0)
        }
    }

    /// A length of time that does not depend on the calendar, in milliseconds.
    private func length(
        _ clause: SyntaxNode?, _ label: String, _ limit: Int64, _ limitText: String
    ) -> Int64? {
        guard let node = clause?.node(label), let period = period(node) else { return nil }
        guard let length = period.milliseconds, length <= limit else {
            report(
                .periodExpected, "expected at most \(limitText), found '\(period.text)'",
                at: node.range)
            return nil
        }
        return length
    }
}
