import PitchSource
import PitchSyntax
import Testing

/// Lists without their brackets: one message each, whose repair can be read.
@Suite struct ListTests {
    @Test(arguments: [
        ("segment s = tags has any of \"a\", \"b\"", "\"a\", \"b\""),
        ("segment s = tags has all of \"a\", \"b\" and x", "\"a\", \"b\""),
        ("segment s = city in \"a\", \"b\", \"c\"", "\"a\", \"b\", \"c\""),
        ("segment s = city not in a, b\nsegment t = x", "a, b"),
        ("segment s = spent in 5 CNY, 10 CNY or x", "5 CNY, 10 CNY"),
        ("segment s = count(o where channel in web, app) > 1", "web, app"),
        ("theme t { from off20, comeback }", "off20, comeback"),
        ("members from csv \"m\" {\n    key a, b\n    c text\n}", "a, b"),
        ("plan p { strategy s {\n    when every month on 1, 15\n    no limit\n} }", "1, 15"),
        (
            "plan p { strategy s {\n    when every week on monday, friday\n    no limit\n} }",
            "monday, friday"
        ),
        (
            "plan p { strategy s {\n    if tags has any of \"a\", \"b\"\n    no limit\n} }",
            "\"a\", \"b\""
        ),
    ])
    func bareList(text: String, list: String) throws {
        let tree = tree(text)
        #expect(tree.diagnostics.map(\.code.id) == ["P120"], "\(tree.diagnostics.map(\.message))")
        let fixIt = try #require(tree.diagnostics.first?.fixIts.first)
        #expect(fixIt.replacement == "[\(list)]")
        var bytes = Array(text.utf8)
        bytes.replaceSubrange(
            Int(fixIt.range.start)..<Int(fixIt.range.end), with: fixIt.replacement.utf8)
        #expect(codes(String(decoding: bytes, as: UTF8.self)) == [])
    }

    @Test("a comma ends a clause, so what begins one is no value")
    func clausesOnOneLine() {
        #expect(codes("coupon c { kind cash, applies to brand in premium, exclusive }") == [])
        #expect(codes("plan p { strategy s { if city in cities, at most once } }") == [])
    }
}
