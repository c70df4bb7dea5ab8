import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// What the names of a program mean, before and after their declarations are resolved.
struct Scope: Sendable {
    var sources = SourceSet()
    var symbols = Symbols()
    /// What the names that the bodies of `for each` declare are outside them.
    var repeated: [String: [String]] = [:]
    /// Beside `symbols.all`.
    var meanings: [Meaning] = []
    var project: Project
    /// The rules of a zone by its IANA name; nil when there is no such zone.
    var zone: @Sendable (String) -> ZoneRules?
    var dataSets: [DataSet] = []
    /// Beside `dataSets`.
    var computed: [[String: ComputedField]] = []
    /// In the order of the script.
    var computedOrder: [(DataSetID, String)] = []
    /// Columns that only computed fields use; beside `dataSets`.
    var hidden: [Set<String>] = []
    var definitions: [Definition] = []
    /// How deep each goes, with those that it names; beside `definitions`.
    var definitionDepths: [Int] = []
    var coupons: [Coupon] = []
    var bundles: [Bundle] = []
    var channels: [Channel] = []
    var messages: [Message] = []
    var goals: [Goal] = []
    var themes: [Theme] = []
    var plans: [Plan] = []

    var members: DataSetID? {
        dataSets.firstIndex { $0.kind == .members }.map(DataSetID.init)
    }

    func dataSet(_ id: DataSetID) -> DataSet { dataSets[id.index] }

    /// A stored field that a script can name.
    func fieldIndex(_ name: String, _ dataSet: DataSetID) -> Int? {
        hidden[dataSet.index].contains(name) ? nil : dataSets[dataSet.index].field(named: name)
    }
}

/// What a symbol stands for.
enum Meaning: Sendable {
    /// Not looked at yet; being looked at; found faulty and reported.
    case pending(PlacedDeclaration)
    case working
    case faulty
    case memberField(Int)
    /// A computed field of the members, by name.
    case computedField
    case definition(DefinitionID)
    case constant(Expression)
    /// A `let` that names a list.
    case list(PlacedDeclaration)
    case function(FunctionDeclaration)
    case dataSet(DataSetID)
    case coupon(Int)
    /// A coupon or a channel of a kind that is not executed.
    case unexecuted
    case bundle(Int)
    case channel(Int)
    case message(Int)
    case goal(Int)
    case theme(Int)
    /// Plans and strategies: names that nothing refers to.
    case other
}

/// `define name(parameters) = body`
struct FunctionDeclaration: Sendable {
    let parameters: [String]
    let body: SyntaxNode
    let round: Round?
}

/// A field of a data set that is computed from stored ones.
struct ComputedField: Sendable {
    let name: String
    let type: ValueType
    let body: SyntaxNode
    let range: SourceRange
}

/// Optional member fields of one expression.
struct GuardedFields {
    var guarded: Set<Int> = []
    var used: [(field: Int, range: SourceRange)] = []
    /// Above 0 inside an operand of `or else`, `is known` or `is missing`.
    var depth = 0
}
