import PitchColumnar
import PitchOptimizer
import PitchProgram
import PitchSchema
import PitchStore

/// What past campaigns came to: those of `history`, and Pitch's own coupons that are all over.
struct ResponseHistory {
    /// Of members who got a coupon.
    private(set) var results: [CampaignResult] = []
    /// Of members who got nothing, to compare with.
    private(set) var controls: [CampaignResult] = []
    /// Coupons of whose kind nothing is known but what the script expects.
    private(set) var expected: [String] = []
    /// How many results are rows of `history`, and how many are of own coupons.
    private(set) var importedCount = 0
    private(set) var ownCount = 0

    private var campaigns: [Campaign: Int] = [:]

    private enum Campaign: Hashable {
        case imported(String)
        case own(strategy: Int64, stretch: Int64)
        case expected(String)
    }

    /// What `expect use` weighs where there is no history: so many members.
    static let expectedMembers = 200

    init(_ base: CustomerBase, _ ledger: Ledger) throws {
        if let id = base.program.history { try readImported(id, base) }
        try readOwn(base, ledger)
        addExpected(base.program)
    }

    private mutating func number(of campaign: Campaign) -> Int {
        if let known = campaigns[campaign] { return known }
        campaigns[campaign] = campaigns.count
        return campaigns.count - 1
    }

    // MARK: - Rows of `history`

    private mutating func readImported(_ id: DataSetID, _ base: CustomerBase) throws {
        let columns = try HistoryRows(id, base)
        for row in 0..<columns.count {
            let campaign = columns.text(.campaign, row) ?? ""
            let kind = columns.text(.kind, row) ?? ""
            let result = CampaignResult(
                campaign: number(of: .imported(campaign)), kind: kind,
                faceMinor: columns.number(.face, row), segment: columns.text(.segment, row),
                issued: Int(clamping: columns.number(.issued, row) ?? 0),
                converted: Int(clamping: columns.number(.converted, row) ?? 0),
                costMinor: columns.number(.cost, row),
                theme: ThemeWords([columns.text(.theme, row)].compactMap { $0 }))
            if let fault = result.fault {
                throw WorkspaceError(
                    .world, "campaign '\(campaign)' of the history (\(kind)): \(fault)")
            }
            importedCount += 1
            if kind == HistoryColumn.controlKind {
                controls.append(result)
            } else {
                results.append(result)
            }
        }
    }

    /// The columns of the history.
    private struct HistoryRows {
        private var columns: [HistoryColumn: ColumnVector] = [:]
        let count: Int

        init(_ id: DataSetID, _ base: CustomerBase) throws {
            let set = base.program.dataSets[id.index]
            for column in HistoryColumn.allCases {
                guard let field = set.field(named: column.rawValue) else { continue }
                columns[column] = try base.columns.column(FieldID(id, field))
            }
            count = columns[.campaign]?.count ?? 0
        }

        func text(_ column: HistoryColumn, _ row: Int) -> String? {
            guard case .text(let text)? = columns[column]?.value(at: row) else { return nil }
            return text
        }

        func number(_ column: HistoryColumn, _ row: Int) -> Int64? {
            switch columns[column]?.value(at: row) {
            case .integer(let number)?, .money(let number)?: number
            default: nil
            }
        }
    }

    // MARK: - Own coupons

    private mutating func readOwn(_ base: CustomerBase, _ ledger: Ledger) throws {
        let own = try ledger.couponResults(on: base.moment.today)
        if own.isEmpty { return }
        let words = Dictionary(
            try ledger.templates().map { ($0.number, ThemeWords($0.words)) }
        ) { first, _ in first }
        for result in own {
            guard let coupon = base.program.coupon(named: result.coupon) else { continue }
            ownCount += 1
            results.append(
                CampaignResult(
                    campaign: number(
                        of: .own(strategy: result.strategy, stretch: result.stretch)),
                    kind: coupon.kind.words, faceMinor: coupon.worstCaseMinor,
                    segment: result.segment, issued: result.issued, converted: result.used,
                    costMinor: result.costMinor,
                    theme: result.template.flatMap { words[$0] } ?? ThemeWords([])))
        }
    }

    /// What the script expects counts where nothing else is known of a kind.
    private mutating func addExpected(_ program: Program) {
        let known = Set(results.map(\.kind))
        for coupon in program.coupons where !known.contains(coupon.kind.words) {
            guard let share = coupon.expectedUse else { continue }
            let used = (Double(share) / 1e6 * Double(Self.expectedMembers)).rounded()
            expected.append(coupon.name)
            results.append(
                CampaignResult(
                    campaign: number(of: .expected(coupon.name)), kind: coupon.kind.words,
                    faceMinor: coupon.worstCaseMinor, issued: Self.expectedMembers,
                    converted: Int(used)))
        }
    }
}

extension ResponseHistory {
    /// What is believed of responses, for a theme or for none.
    func model(for theme: Theme? = nil) throws -> ResponseModel {
        var prior = ResponsePrior()
        if let theme {
            prior.conversion = Double(theme.prior) / 1e6
            prior.otherThemeWeight = max(1e-6, Double(theme.otherThemes) / 1e6)
        }
        return try ResponseModel(
            history: results, theme: ThemeWords(theme?.words ?? []), prior: prior)
    }

    /// What members who get nothing do, without an offer; nil when no history tells.
    func controlModel() throws -> ResponseModel? {
        controls.isEmpty ? nil : try ResponseModel(history: controls)
    }
}

extension CampaignResult {
    /// What is wrong with it; nil when a campaign can have come to it.
    fileprivate var fault: String? {
        if issued < 0 || converted < 0 { return "a count of members is below 0" }
        if converted > issued { return "\(converted) of \(issued) members converted" }
        if faceMinor ?? 0 < 0 || costMinor ?? 0 < 0 { return "an amount is below 0" }
        return nil
    }
}

extension Program {
    /// An offer's coupons as the optimizer knows them. What a coupon is worth to a member is told
    /// by the most that it costs: so all kinds are measured alike, and a history's `face` is money
    /// whatever the kind.
    func copies(of offer: Offer) -> [CouponCopies] {
        items(of: offer).map { item in
            let coupon = coupons[item.coupon]
            return CouponCopies(
                CouponOffer(
                    name: coupon.name, kind: coupon.kind.words,
                    faceMinor: coupon.worstCaseMinor, thresholdMinor: coupon.thresholdMinor,
                    worstMinor: coupon.worstCaseMinor ?? 0),
                copies: item.quantity)
        }
    }
}
