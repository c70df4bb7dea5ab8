import PitchColumnar
import PitchSchema

/// The texts that stand in the store, for completion.
extension Workspace {
    /// The different texts and tags of a field that begin with some letters, sorted; none when
    /// there are more than `limit`, and none of a field that tells rows apart.
    /// - Parameters:
    ///   - path: `city`, `orders.category`, `orders.product.department`, or a field of an event
    ///     whose data set is among `names`.
    ///   - names: the names that stand near it.
    package func storedWords(
        of path: String, among names: Set<String>, beginningWith start: String, limit: Int = 200
    ) -> [String] {
        guard let program, let base = try? openBase() else { return [] }
        let parts = path.split(separator: ".").map(String.init)
        guard let name = parts.last else { return [] }
        var words: Set<String> = []
        for (index, dataSet) in program.dataSets.enumerated() {
            let isMeant = switch dataSet.kind {
            case .members: parts.count == 1
            case .events where dataSet.isWeather: false
            case .events: parts.count == 1 ? names.contains(dataSet.name) : parts[0] == dataSet.name
            case .table: parts.count > 1
            }
            guard isMeant, let field = dataSet.field(named: name), !dataSet.key.contains(field),
                dataSet.member != field,
                let column = try? base.columns.column(FieldID(DataSetID(index), field))
            else { continue }
            words.formUnion(column.texts.filter { $0.hasPrefix(start) && !$0.isEmpty })
        }
        return words.count > limit ? [] : words.sorted()
    }
}

extension ColumnVector {
    /// The different texts in it.
    fileprivate var texts: [String] {
        switch payload {
        case .integers: []
        case .codes(_, let dictionary), .tags(_, _, let dictionary): dictionary.texts
        }
    }
}
