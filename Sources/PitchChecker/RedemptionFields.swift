import PitchProgram
import PitchSchema
import PitchSource

/// What redemption data says of coupons, by the names of its fields.
extension Checker {
    /// Warns where a script has coupons and redemption data by which none is recognised.
    func checkRedemptionFields() {
        guard !scope.coupons.isEmpty else { return }
        for set in scope.dataSets where RedemptionFields.step(of: set.scene) != nil {
            guard let code = set.field(named: RedemptionFields.code),
                set.fields[code].type == .text
            else {
                report(
                    .redemptionFields,
                    "'\(set.name)' has no text '\(RedemptionFields.code)': no coupon is recognised in it",
                    at: set.range, severity: .warning,
                    help: "declare the column that holds the unique code: 'code text'")
                continue
            }
            let money = ValueType.money(scope.project.currency)
            for name in [RedemptionFields.discount, RedemptionFields.order] {
                guard let field = set.field(named: name), set.fields[field].type != money else {
                    continue
                }
                report(
                    .redemptionFields,
                    "'\(name)' of '\(set.name)' is not \(money.words): it is not read as the cost of coupons",
                    at: set.fields[field].range, severity: .warning)
            }
        }
    }
}
