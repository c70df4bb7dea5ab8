/// What became of one coupon in one past campaign, over all members or in one segment.
package struct CampaignResult: Hashable, Sendable {
    /// Rows of one campaign share its luck: weather, season, wording.
    package var campaign: Int
    /// Cash, percent and the like: any name, under which coupons are compared.
    package var kind: String
    /// In minor units; nil when it is not known. Such a row tells the level of its kind, and
    /// nothing of how conversion rises with the face.
    package var faceMinor: Int64?
    /// Nil: all members together.
    package var segment: String?
    /// How many members it was issued to.
    package var issued: Int
    /// How many of these converted.
    package var converted: Int
    /// What all uses together cost, in minor units; nil when it is not known.
    package var costMinor: Int64?
    /// What the campaign was about, as `ThemeWords` splits it.
    package var theme: ThemeWords

    /// Counts are of members, amounts in minor units; `ResponseModel` refuses impossible ones.
    package init(
        campaign: Int, kind: String, faceMinor: Int64? = nil, segment: String? = nil,
        issued: Int, converted: Int, costMinor: Int64? = nil, theme: ThemeWords = ThemeWords([])
    ) {
        self.campaign = campaign
        self.kind = kind
        self.faceMinor = faceMinor
        self.segment = segment
        self.issued = issued
        self.converted = converted
        self.costMinor = costMinor
        self.theme = theme
    }

    var isPossible: Bool {
        converted >= 0 && converted <= issued && (faceMinor ?? 0) >= 0 && (costMinor ?? 0) >= 0
    }

    /// A total order over what the model reads, so that the order of rows decides nothing, not
    /// even the last digit of a sum.
    static func precedes(_ one: CampaignResult, _ other: CampaignResult) -> Bool {
        if one.campaign != other.campaign { return one.campaign < other.campaign }
        if one.kind != other.kind { return one.kind < other.kind }
        if one.segment != other.segment {
            guard let first = one.segment, let second = other.segment else {
                return one.segment == nil
            }
            return first < second
        }
        return (one.faceMinor ?? -1, one.issued, one.converted, one.costMinor ?? -1)
            < (other.faceMinor ?? -1, other.issued, other.converted, other.costMinor ?? -1)
    }
}
