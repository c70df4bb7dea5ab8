import Glibc
import PitchProgram
import PitchSchema
import PitchStore

/// Makes the coupons of the decisions of one strategy.
struct CouponIssue {
    let program: Program
    let today: Int32
    private var codes = CouponCodes()

    init(program: Program, today: Int32) {
        self.program = program
        self.today = today
    }

    /// One coupon a piece, each under a code of its own.
    /// - Parameters:
    ///   - expected: whether what it is expected to cost is reserved, not its worst case.
    ///   - template: the number of the template that the offer is of.
    ///   - segment: by which the member's response was predicted.
    mutating func coupons(
        of offer: Offer?, expected: Bool, template: Int64? = nil, segment: String? = nil
    ) -> [IssuedCoupon] {
        var coupons: [IssuedCoupon] = []
        for item in program.items(of: offer) {
            let coupon = program.coupons[item.coupon]
            let (first, last) = coupon.validity.days(issuedOn: today)
            for _ in 0..<item.quantity {
                coupons.append(
                    IssuedCoupon(
                        code: codes.next(), coupon: coupon.name, firstDay: first, lastDay: last,
                        worstMinor: coupon.worstCaseMinor,
                        heldMinor: coupon.reservedMinor(expected: expected) ?? 0,
                        template: template, segment: segment))
            }
        }
        return coupons
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
struct CouponCodes {
    static let length = 22
    private static let letters = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    /// As many bytes as `getentropy` gives in one call.
    private static let batch = 256

    /// Random bytes that were not used yet.
    private var bytes: [UInt8] = []

    mutating func next() -> String {
        if bytes.count < Self.length { refill() }
        defer { bytes.removeLast(Self.length) }
        return String(decoding: bytes.suffix(Self.length), as: UTF8.self)
    }

    /// Five bits of each random byte choose a letter.
    private mutating func refill() {
        bytes = [UInt8](repeating: 0, count: Self.batch)
        let failure = bytes.withUnsafeMutableBytes { getentropy($0.baseAddress, $0.count) }
        precondition(failure == 0, "the system has random bytes once it has started")
        for place in bytes.indices { bytes[place] = Self.letters[Int(bytes[place] & 31)] }
    }
}
