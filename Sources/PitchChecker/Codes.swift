import PitchSource

extension DiagnosticCode {
    /// All faults that the checker reports.
    package static let checkerCodes =
        [
            nameCodes, typeCodes, dataCodes, couponCodes, channelCodes, messageCodes, planCodes,
            strategyCodes, eventCodes, sceneCodes, optimizerCodes,
        ].joined().sorted { $0.id < $1.id }

    /// What the examples of the checker's codes stand after, unless they begin with `pitch`: a
    /// project, members and orders.
    package static let preamble = """
        pitch 1
        project "Shop" {
            timezone "Asia/Shanghai"
            currency CNY
            store "shop.db"
        }
        members from csv "members.csv" {
            key member_id
            city text
            born date?
            joined date
            phone text?
            tags tags separated by "|"
            sms_ok yesno
            level one of [gold, silver]
        }
        events orders from csv "orders.csv" {
            scene purchase
            key order_id
            member member_id
            at ordered_at
            amount money CNY
            category text
            channel one of [web, app, store]
        }

        """

    /// An example or repair as a whole script.
    package static func script(_ example: String) -> String {
        example.hasPrefix("pitch") ? example : preamble + example + "\n"
    }
}
