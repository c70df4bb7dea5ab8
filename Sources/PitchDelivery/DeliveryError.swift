/// A channel that cannot be used: what was being done to what, and why it failed. Nothing in it is
/// secret.
package struct DeliveryError: Error, Equatable, CustomStringConvertible {
    /// `write 'out/run-000001-sms.ndjson'`
    package let action: String
    package let reason: String

    package init(_ action: String, _ reason: String) {
        self.action = action
        self.reason = reason
    }

    package var description: String { "could not \(action): \(reason)" }
}
