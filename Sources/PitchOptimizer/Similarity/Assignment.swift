/// The best pairing of rows with columns.
enum Assignment {
    /// The largest sum of values that pairs every row with at most one column, and every column
    /// with at most one row (the Hungarian method; Kuhn, 1955; shortest augmenting paths as in
    /// Jonker & Volgenant, 1987). Rows³ steps.
    /// - Parameter values: at least 0, `values[row][column]`; no more rows than columns.
    static func largestSum(_ values: [[Double]]) -> Double {
        guard let columns = values.first?.count else { return 0 }
        precondition(values.count <= columns, "there is a column for every row")
        var rowPrices = [Double](repeating: 0, count: values.count + 1)
        var columnPrices = [Double](repeating: 0, count: columns + 1)
        // Rows and columns count from 1; column 0 stands for the row that is being paired.
        var rowOf = [Int](repeating: 0, count: columns + 1)
        for row in 1...values.count {
            rowOf[0] = row
            augment(values, &rowPrices, &columnPrices, &rowOf)
        }
        let pairs = (1...columns).filter { rowOf[$0] > 0 }
        return pairs.map { values[rowOf[$0] - 1][$0 - 1] }.sorted().reduce(0, +)
    }

    /// Pairs the row of column 0 along the cheapest path that ends at a free column.
    private static func augment(
        _ values: [[Double]], _ rowPrices: inout [Double], _ columnPrices: inout [Double],
        _ rowOf: inout [Int]
    ) {
        var distance = [Double](repeating: .infinity, count: rowOf.count)
        var before = [Int](repeating: 0, count: rowOf.count)
        var visited = [Bool](repeating: false, count: rowOf.count)
        var column = 0
        while rowOf[column] != 0 {
            visited[column] = true
            let row = rowOf[column]
            var (nearest, next) = (Double.infinity, 0)
            for other in 1..<rowOf.count where !visited[other] {
                let cost = -values[row - 1][other - 1] - rowPrices[row] - columnPrices[other]
                if cost < distance[other] { (distance[other], before[other]) = (cost, column) }
                if distance[other] < nearest { (nearest, next) = (distance[other], other) }
            }
            for other in rowOf.indices {
                if visited[other] {
                    rowPrices[rowOf[other]] += nearest
                    columnPrices[other] -= nearest
                } else {
                    distance[other] -= nearest
                }
            }
            column = next
        }
        while column != 0 {
            rowOf[column] = rowOf[before[column]]
            column = before[column]
        }
    }
}
