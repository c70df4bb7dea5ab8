import Testing

@testable import PitchDelivery

/// RFC 4180, and no cell that a spreadsheet runs.
@Suite struct MessageTableTests {
    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""),
        ("two\nlines", "\"two\nlines\""), ("=1+1", "'=1+1"), ("+86 1", "'+86 1"), ("-1", "'-1"),
        ("@sum", "'@sum"), ("\tx", "'\tx"), ("\rx", "\"'\rx\""), ("\r\nx", "\"'\r\nx\""),
        ("=a,\"b\"", "\"'=a,\"\"b\"\"\""), ("\"\u{301}", "\"\"\"\u{301}\""), (" =1", " =1"),
    ])
    func cells(text: String, cell: String) {
        #expect(Array(MessageTable.cell(text).utf8) == Array(cell.utf8))
    }

    @Test func rows() throws {
        let line = """
            {"run":3,"plan":"spring","strategy":"s","member":"=m","channel":"flyer","to":"1, Main",\
            "text":"Hello","coupons":["A","B"],"expires":"2026-04-16"}
            """
        #expect(
            try MessageTable.row(line)
                == "3,spring,s,'=m,flyer,\"1, Main\",Hello,A B,2026-04-16\r\n")
        #expect(throws: DeliveryError.self) { try MessageTable.row("{}") }
    }
}
