import PitchProgram
import PitchSchema
import PitchStore

/// Makes the coupons of one decision.
struct CouponIssue {
    let program: Program
    let today: Int32

    /// One coupon a piece, each under a code of its own.
    /// - Parameter expected: whether what it is expected to cost is reserved, not its worst case.
    func coupons(of offer: Offer?, expected: Bool) -> [IssuedCoupon] {
        program.items(of: offer).flatMap { item in
            let coupon = program.coupons[item.coupon]
            let (first, last) = coupon.validity.days(issuedOn: today)
            return (0..<item.quantity).map { _ in
                IssuedCoupon(
                    code: CouponCode.make(), coupon: coupon.name, firstDay: first, lastDay: last,
                    worstMinor: coupon.worstCaseMinor,
                    heldMinor: coupon.reservedMinor(expected: expected) ?? 0)
            }
        }
    }

    /// The last day of the coupon that ends first.
    func lastDay(of offer: Offer?) -> Int32? {
        program.items(of: offer).map {
            program.coupons[$0.coupon].validity.days(issuedOn: today).last
        }.min()
    }
}

/// Codes that nobody can guess: 110 bits from the system's generator, in 22 of 32 letters and
/// figures without I, L, O and U, which are misread (Crockford's Base32, 2002).
enum CouponCode {
    static let length = 22
    private static let letters = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        for _ in 0..<2 {
            var bits = generator.next()
            for _ in 0..<length / 2 {
                bytes.append(letters[Int(bits & 31)])
                bits >>= 5
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
