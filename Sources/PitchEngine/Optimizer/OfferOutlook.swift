import PitchOptimizer
import PitchProgram
import PitchSchema

/// What each offer is expected to do for a member, by group: `[group][offer]`.
struct OfferOutlook {
    /// The probability that the member converts.
    let conversions: [[Double]]
    /// What its coupons are expected to cost, in hundredths of a minor unit, whole.
    let costs: [[Double]]
    /// How likely a member converts who gets nothing, by group; nil without a control group.
    let controls: [Double]?

    /// Hundredths of a minor unit: a message costs less than one, and a million of them do not.
    static let scale = 100.0

    init(
        _ offers: [Offer], _ groups: ResponseGroups, _ program: Program,
        _ history: ResponseHistory
    ) throws {
        let model = try history.model()
        let control = try history.controlModel()
        let copies = offers.map(program.copies)
        let expectations = try (0..<groups.count).map { group in
            try copies.map { try expectation(of: $0, in: groups.name(of: group), with: model) }
        }
        conversions = expectations.map { $0.map(\.conversion) }
        costs = expectations.map { $0.map { ($0.costMinor * Self.scale).rounded() } }
        controls = control.map { control in
            (0..<groups.count).map { group in
                control.conversion(
                    kind: HistoryColumn.controlKind, faceMinor: nil,
                    segment: groups.name(of: group))
            }
        }
    }
}
