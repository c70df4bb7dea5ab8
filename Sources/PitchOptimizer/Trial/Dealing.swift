import Glibc

/// How the quantities of a template reach members: dealt round the audience, one item after the
/// other, so that nobody gets a second item before everybody has one. Every segment gets its
/// share of every item.
struct Dealing {
    /// A part of the audience that gets the same items.
    struct Hand {
        /// Of the audience.
        let share: Double
        /// Places of items, and how many of each.
        let items: [(item: Int, copies: Int)]
    }

    let hands: [Hand]

    /// - Parameters:
    ///   - quantities: of every item, at least 0.
    ///   - members: of the audience, at least 1.
    init(_ quantities: [Int], members: Int) {
        var starts: [Int] = []
        var dealt = 0
        for quantity in quantities {
            starts.append(dealt)
            dealt += quantity
        }
        let cuts = ([0, dealt % members] + starts.map { $0 % members }).sorted()
        var hands: [Hand] = []
        for (place, cut) in cuts.enumerated() {
            let end = place + 1 < cuts.count ? cuts[place + 1] : members
            if end == cut { continue }
            var items: [(item: Int, copies: Int)] = []
            for (item, quantity) in quantities.enumerated() {
                let copies = Self.rounds(before: starts[item] + quantity, at: cut, members)
                    - Self.rounds(before: starts[item], at: cut, members)
                if copies > 0 { items.append((item, copies)) }
            }
            if !items.isEmpty {
                hands.append(Hand(share: Double(end - cut) / Double(members), items: items))
            }
        }
        self.hands = hands
    }

    /// How often the member at a place has been dealt to before so many items are gone.
    private static func rounds(before dealt: Int, at place: Int, _ members: Int) -> Int {
        dealt > place ? (dealt - place - 1) / members + 1 : 0
    }
}

/// Whether a member converts who holds several coupons.
enum Combination {
    /// Between two bounds: only the best coupon counts (all are used by the same members), and
    /// every coupon counts (members use each independently of the others). It rises with every
    /// coupon, and is at most their sum.
    /// - Parameters:
    ///   - coupons: conversion on each, and how many copies.
    ///   - overlap: 1: only the best counts; 0: all do.
    static func conversion(
        _ coupons: some Sequence<(share: Double, copies: Int)>, overlap: Double
    ) -> Double {
        var (best, none) = (0.0, 1.0)
        for coupon in coupons where coupon.copies > 0 {
            best = max(best, coupon.share)
            none *= coupon.copies == 1
                ? 1 - coupon.share : pow(1 - coupon.share, Double(coupon.copies))
        }
        return overlap * best + (1 - overlap) * (1 - none)
    }
}
