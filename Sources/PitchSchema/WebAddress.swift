/// What a webhook's address must be like (RFC 3986, HTTP and HTTPS only).
package enum WebAddress {
    /// What is wrong with an address, in words that do not repeat it, as it may hold secrets; nil
    /// when it can be posted to.
    package static func fault(of address: String) -> String? {
        let bytes = Array(address.utf8)
        if bytes.count > 2000 { return "it is longer than 2000 characters" }
        if bytes.contains(where: { $0 <= 0x20 || $0 >= 0x7F || forbidden.contains($0) }) {
            return "it holds a blank or a character that an address may not have"
        }
        let scheme = ["http://", "https://"].first { address.lowercased().hasPrefix($0) }
        guard let scheme else { return "it does not begin with 'https://' or 'http://'" }
        let rest = address.dropFirst(scheme.count)
        let authority = rest.prefix { !"/?#".contains($0) }
        if authority.contains("@") { return "it holds a name or a password before an '@'" }
        if rest.contains("#") { return "it holds a '#', which no server ever sees" }
        return fault(ofAuthority: authority)
    }

    private static let forbidden = Set("\"<>\\^`{|}".utf8)

    /// `example.com`, `127.0.0.1:8808`, `[::1]:80`
    private static func fault(ofAuthority authority: Substring) -> String? {
        var host = authority
        var port: Substring?
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return "its host has no ']'" }
            host = authority[authority.index(after: authority.startIndex)..<end]
            let tail = authority[authority.index(after: end)...]
            if !tail.isEmpty, tail.first != ":" { return "its host is not followed by ':' or '/'" }
            port = tail.isEmpty ? nil : tail.dropFirst()
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
        }
        if host.isEmpty { return "it names no host" }
        if let port, (1...65_535).contains(Int(port) ?? 0) == false {
            return "its port is no number from 1 to 65535"
        }
        return nil
    }
}
