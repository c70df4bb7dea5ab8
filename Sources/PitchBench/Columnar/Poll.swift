/// What a poll finds: one member in a hundred has new actions, two on average, all of today.
struct Poll {
    /// Ascending.
    let members: [Int32]
    /// Everybody, with the new actions.
    let population: Population
    /// The new actions: index into `members` of the population, cents and kind of each.
    let owners: [Int32]
    let amounts: [Int64]
    let kindCodes: [Int32]

    init(of before: Population) {
        var draws = Draws(seed: 6)
        var (members, owners): ([Int32], [Int32]) = ([], [])
        var (amounts, kinds): ([Int64], [Int32]) = ([], [])
        for member in 0..<Int32(before.count) where draws.uniform() < 0.01 {
            members.append(member)
            for _ in 0..<(1 + Int(3 * draws.uniform())) {
                owners.append(member)
                amounts.append(Population.amount(&draws))
                kinds.append(Population.kind(&draws))
            }
        }
        self.members = members
        self.owners = owners
        self.amounts = amounts
        kindCodes = kinds
        population = before.adding(owners: owners, amounts: amounts, kindCodes: kinds)
    }
}

extension Population {
    /// - Parameter owners: members, ascending; their actions of today come last.
    fileprivate func adding(
        owners: [Int32], amounts new: [Int64], kindCodes newKinds: [Int32]
    ) -> Population {
        var after = self
        after.actionOffsets = [0]
        (after.days, after.amounts, after.kindCodes) = ([], [], [])
        var next = 0
        for member in 0..<count {
            let old = Int(actionOffsets[member])..<Int(actionOffsets[member + 1])
            after.days += days[old]
            after.amounts += amounts[old]
            after.kindCodes += kindCodes[old]
            while next < owners.count, owners[next] == Int32(member) {
                after.days.append(Self.today)
                after.amounts.append(new[next])
                after.kindCodes.append(newKinds[next])
                next += 1
            }
            after.actionOffsets.append(Int32(after.days.count))
        }
        return after
    }
}
