import Foundation
import Testing

@Suite("Golden files")
struct GoldenFileTests {
    /// A golden file is read when a test names it, or names its folder and lists the inputs there:
    /// then it is an input, or what is expected of the input of the same name.
    @Test("no golden file is an orphan")
    func orphans() {
        let tests = Repository.swiftFiles(in: "Tests").map(\.text).joined(separator: "\n")
        let files = Repository.paths(in: "Tests/Golden").map {
            String($0.dropFirst("Tests/Golden/".count))
        }
        let stems = Dictionary(grouping: files) { path in
            String(path.prefix { $0 != "." })
        }
        for path in files where !tests.contains(path) {
            let folder = path.split(separator: "/").dropLast().joined(separator: "/")
            let isListed = tests.contains("\"\(folder)\"") || tests.contains("\"\(folder)/")
            let hasInput = (stems[String(path.prefix { $0 != "." })] ?? []).contains {
                $0.hasSuffix(".pitch")
            }
            #expect(isListed && hasInput, "Tests/Golden/\(path) is read by no test")
        }
    }
}
