/// The clause tables of edition 1: every kind of declaration, what may stand in it, and how.
package enum ClauseTables {
    /// In the order of `pitch help`.
    package static let declarations: [DeclarationRow] = [
        project, members, events, table, history, segment, field, constant, function, coupon,
        bundle, channel, message, plan, strategy, goal, theme, test,
    ]

    package static func declaration(_ keyword: String) -> DeclarationRow? {
        declarations.first { $0.keyword == keyword }
    }

    static let project = DeclarationRow(
        "project", header: "<title:string>", body: .clauses,
        clauses: [
            ClauseRow(
                ["timezone <zone:string>"], .required,
                doc: "the IANA zone in which days and hours are counted"),
            ClauseRow(
                ["currency <currency:currency>"], .required,
                doc: "the currency of budgets and reports"),
            ClauseRow(
                ["store <path:string>"], .required, doc: "the SQLite file that remembers everything"
            ),
            ClauseRow(
                [
                    "week starts ( monday | tuesday | wednesday | thursday | friday | saturday | sunday )"
                ],
                default: "week starts monday", doc: "the first day of `this week`"),
        ],
        doc: "what all plans of this script share")

    private static let source =
        "from ( csv <path:string> | ndjson <path:string> | sqlite <path:string> table <from:string> )"

    private static let mapping: [ClauseRow] = [
        ClauseRow(
            ["key <key:names> [<type:type>]"],
            doc: "the columns that identify a row; without it file and position do"),
        ClauseRow(
            ["zone <zone:string>"],
            doc: "the zone of times without an offset; the project's if left out"),
        ClauseRow(["decimal comma"], doc: "numbers are written 1,5"),
        ClauseRow(
            ["delimiter <delimiter:string>"], default: "delimiter \",\"",
            doc: "what separates the columns of a CSV file"),
        ClauseRow(
            ["quarantine at most <share:percent>"], doc: "more bad rows than this fail the load"),
    ]

    static let members = DeclarationRow(
        "members", header: source, body: .fields,
        clauses: mapping + [
            ClauseRow(["absent gone"], doc: "a member that the newest file lacks gets nothing more")
        ],
        doc: "the people we know, one row each")

    static let events = DeclarationRow(
        "events", header: "<name:newName> [<title:string>] " + source, body: .fields,
        clauses: mapping + [
            ClauseRow(
                [
                    """
                    scene ( purchase | topup | coupon bought | coupon used | coupon claimed \
                    | coupon returned | product | weather )
                    """
                ],
                doc: "which scene these rows feed"),
            ClauseRow(
                ["member <member:name>"],
                doc: "the column that holds the member's key; weather has a place instead"),
            ClauseRow(
                ["place <place:name>"], doc: "of weather: the column that holds the place's name"),
            ClauseRow(
                ["at <at:name> [<type:type>]"],
                doc: "the column that says when; an instant unless a type follows"),
            ClauseRow(
                ["new members ( add | quarantine )"], default: "new members quarantine",
                doc: "what happens to events of people the member file lacks"),
            ClauseRow(
                ["on change ( ignore | replace )"], default: "on change ignore",
                doc: "what happens when a key comes again with other values"),
        ],
        doc: "what members did, one row each, with a time")

    static let table = DeclarationRow(
        "table", header: "<name:newName> [<title:string>] " + source, body: .fields,
        clauses: mapping + [
            ClauseRow(["absent gone"], doc: "a row that the newest file lacks is no longer found")
        ],
        doc: "a look-up: products, stores, campaigns, holidays, places")

    static let history = DeclarationRow(
        "history", header: source, body: .fields, clauses: mapping,
        doc: "what past campaigns came to, a row for each coupon: what a trial learns from")

    static let segment = DeclarationRow(
        "segment", body: .value,
        doc: "members for whom a condition is true; its name means the condition")

    static let field = DeclarationRow(
        "field", body: .valueOrCases, doc: "a value computed for each member")

    static let constant = DeclarationRow("let", body: .value, doc: "a name for a value")

    static let function = DeclarationRow(
        "define", header: "<name:newName> <parameters:parameters>", body: .value,
        doc: "a name for an expression with parameters")

    static let coupon = DeclarationRow(
        "coupon", body: .clauses,
        clauses: [
            ClauseRow(
                [
                    "kind ( cash | percent | threshold | shipping | gift | points | interest free | rate cut | fee waiver | limit raise )"
                ],
                .required, doc: "what the coupon is"),
            ClauseRow(
                ["face <face:expression>"],
                doc: "what it is worth: an amount, a share, or how many times the points"),
            ClauseRow(["threshold <threshold:money>"], doc: "the least order amount it applies to"),
            ClauseRow(["cap <cap:money>"], doc: "the most that it costs"),
            ClauseRow(["item <item:string>"], doc: "the gift, as the till knows it"),
            ClauseRow(
                ["worth <worth:percent>"],
                doc: "what the points of an order are worth, as a share of its amount"),
            ClauseRow(
                ["period <period:period>", "period <instalments:integer> instalments"],
                doc: "how long a loan or a limit lasts; instalments are monthly and equal"),
            ClauseRow(
                ["on principal up to <principal:money> at <rate:percent> a year"],
                doc: "the loan that it is for, and its yearly rate"),
            ClauseRow(
                ["funding at <funding:percent> a year"],
                doc: "what lending the amount of a higher limit costs the shop"),
            ClauseRow(
                ["valid <length:period>", "valid <from:date> to <until:date>"], .required,
                doc: "how long it lasts; `14 days` ends with the 14th local day after issue"),
            ClauseRow(["stock <stock:integer>"], doc: "how many may ever be issued"),
            ClauseRow(
                ["expect use <share:percent>"],
                doc: "the share that will be used, for the expected cost"),
            ClauseRow(
                ["applies to <predicate:expression>"],
                doc: "the products it applies to, by the fields of the table of products"),
            ClauseRow(
                ["per member at most <count:integer>"],
                doc: "how many one member may ever get"),
            ClauseRow(
                ["exclusive"],
                doc: "a member holds no other coupon beside it"),
            ClauseRow(
                ["stacks with <group:names>"],
                doc: "the only other coupons that a member may hold beside it"),
        ],
        doc: "one coupon template")

    static let bundle = DeclarationRow(
        "bundle", body: .items, doc: "coupons that are given together, with quantities")

    static let channel = DeclarationRow(
        "channel", header: "<name:newName> [<title:string>]", body: .clauses,
        clauses: [
            ClauseRow(
                ["to <field:name>"], .required, doc: "the member field that holds the address"),
            ClauseRow(
                ["consent <field:name>"],
                doc: "the yesno field that must be true for marketing messages"),
            ClauseRow(
                ["file <folder:string> [as csv]"],
                doc: "messages go to a file a run in this folder: NDJSON, or CSV for flyers"),
            ClauseRow(
                ["webhook ( env <variable:string> | <url:string> )"],
                doc: "messages are posted to this address, one by one"),
            ClauseRow(
                ["key env <variable:string>"],
                doc: "the environment variable that holds the secret that signs what is posted"),
            ClauseRow(
                ["rate <rate:integer> per ( second | minute | hour )"],
                doc: "how fast the webhook may be used"),
            ClauseRow(
                ["answer within <patience:period>"], default: "answer within 15 seconds",
                doc: "an answer that takes longer counts as lost"),
            ClauseRow(
                ["retry <tries:integer> times within <span:period>"],
                default: "retry 20 times within 1 day",
                doc: "how often, and until when, a message is tried again that was not taken"),
            ClauseRow(
                ["idempotent"],
                doc: "the receiver takes a message once, however often it is posted"),
            ClauseRow(
                ["cost <cost:money> [per part]"], default: "cost 0",
                doc: "what one message costs, or each part of a text message"),
            ClauseRow(
                ["length at most <length:integer>"],
                doc: "the most characters of a text; a longer one is not sent"),
            ClauseRow(
                ["parts at most <parts:integer>"],
                doc: "the most parts of a text message; a longer one is not sent"),
        ],
        doc: "a way to reach members")

    static let message = DeclarationRow(
        "message", body: .texts,
        clauses: [
            ClauseRow(
                ["class ( marketing | service )"], .required,
                doc: "marketing needs consent, service does not")
        ],
        doc: "what is said, a text for each channel")

    static let plan = DeclarationRow(
        "plan", body: .clauses,
        clauses: [
            ClauseRow(
                ["valid <from:date> to <until:date>"], .required,
                doc: "the days on which it runs, both included"),
            ClauseRow(["description <text:string>"], doc: "what it is for"),
            ClauseRow(["team <team:string>"], doc: "the team that is responsible"),
            ClauseRow(["owner <owner:string>"], doc: "the person who is responsible"),
            ClauseRow(
                ["approved by <name:string> [and <second:string>] [and <third:string>]"],
                doc: "who must approve it, with 'pitch approve', before it runs"),
            ClauseRow(
                ["budget <budget:money> [expected]"],
                doc: "the most that its strategies may reserve"),
        ],
        nested: ["strategy"],
        doc: "strategies with a validity and a budget")

    static let strategy = DeclarationRow(
        "strategy", body: .clauses,
        clauses: [
            ClauseRow(["was <old:name>"], doc: "its name before a renaming"),
            ClauseRow(
                ["for <audience:expression>"], default: "every member", doc: "the members it is for"
            ),
            ClauseRow(["when <occurrence:occurrence>"], .repeated, doc: "what it waits for"),
            ClauseRow(["if <condition:expression>"], doc: "what must hold as well"),
            ClauseRow(["give <offer:offer>"], doc: "the coupon or bundle"),
            ClauseRow(
                ["say <message:name> via <route:route>"],
                doc: "the message, and the channels in order"),
            ClauseRow(
                ["every <period:period>"], default: "every 1 day", doc: "how often it is due"),
            ClauseRow(
                ["at most once", "at most <count:integer> per <period:period>"],
                doc: "how often one member may get it; or `no limit`"),
            ClauseRow(["no limit"], doc: "a member may get it at every occurrence"),
            ClauseRow(
                ["fresh for <period:period>"], default: "fresh for 1 day",
                doc: "how old an occurrence may be when it is judged; weather 3 hours if left out"),
            ClauseRow(
                ["look back <period:period>"], doc: "also judge occurrences from before the start"),
            ClauseRow(["catch up <period:period>"], doc: "judge days on which nothing ran, late"),
            ClauseRow(
                ["quiet <from:time> to <until:time> [and ( defer | drop )]"],
                doc:
                    "hours in which nothing is issued, by the member's field `zone` if there is one; "
                    + "it waits for their end unless dropped"),
            ClauseRow(
                ["hold out <share:percent>"],
                doc: "the share that gets nothing, to compare with"),
            ClauseRow(
                ["success is <dataSet:name> [where <where:expression>] within <period:period>"],
                doc: "what counts as a conversion"),
            ClauseRow(
                ["priority <priority:integer>"], default: "priority 0", doc: "larger goes first"),
        ],
        doc: "who gets what, when, and how often")

    static let goal = DeclarationRow(
        "goal", body: .clauses,
        clauses: [
            ClauseRow(
                ["maximize ( conversion | profit | uplift | score )"], doc: "what is to be large"),
            ClauseRow(["minimize cost"], doc: "what is to be small"),
            ClauseRow(
                [
                    """
                    keep ( cost | conversion | roi | coverage | sends | rate gap ) \
                    [of <segment:name>] [in <within:name>] [via <channel:name>] \
                    [by <field:name>] ( at most | at least | <comparison:inequality> ) \
                    <limit:expression>
                    """
                ], .repeated, doc: "a limit that must hold; limits are inclusive"),
            ClauseRow(
                ["conversion worth <worth:money>"],
                doc: "what one converting member brings, for 'profit' and 'roi'"),
            ClauseRow(["cost near <target:money> weight <weight:number>"], doc: "for the score"),
            ClauseRow(
                ["conversion near <target:share> weight <weight:number>"], doc: "for the score"),
            ClauseRow(
                ["score at least <score:number>"], default: "score at least 0",
                doc: "the least score that is accepted"),
        ],
        doc: "what the optimizer is to reach")

    static let theme = DeclarationRow(
        "theme", body: .clauses,
        clauses: [
            ClauseRow(["about <words:expression>"], .required, doc: "the words of the theme"),
            ClauseRow(["audience <audience:expression>"], .required, doc: "the members it is for"),
            ClauseRow(
                ["from <offers:names>"], .required, doc: "the coupons and bundles to choose from"),
            ClauseRow(
                ["quantity <least:integer> to <most:integer> [in <steps:integer> steps]"],
                default: "from none to one for each member, in 10 steps",
                doc: "how many of each"),
            ClauseRow(
                ["similarity <similarity:percent>"], default: "similarity 80%",
                doc: "above which an old template is updated"),
            ClauseRow(
                ["prior <prior:percent>"], default: "prior 5%",
                doc: "the conversion that is believed before there is history"),
            ClauseRow(
                ["other themes weigh <weight:percent>"], default: "other themes weigh 20%",
                doc: "how much history of a theme that shares no word counts"),
            ClauseRow(
                ["tries <tries:integer>"], default: "tries 1_000_000",
                doc: "up to so many templates are all tried; of more, the most promising"),
            ClauseRow(
                ["time at most <time:period>"], default: "time at most 1 minute",
                doc: "when the search ends with the best that it found"),
        ],
        doc: "a marketing theme for which templates are made")

    static let test = DeclarationRow(
        "test", header: "<title:string>", body: .test,
        clauses: [
            ClauseRow(["at <at:moment>"], doc: "the instant of `now`"),
            ClauseRow(
                ["member <member:newName> <values:values>"], .repeated,
                doc: "a member and its fields"),
            ClauseRow(
                ["weather <place:string> <values:values>"], .repeated,
                doc: "an observation at a place"),
            ClauseRow(
                [
                    "expect <member:name> [not] in <segment:name>",
                    "expect <strategy:name> gives <member:name> ( nothing | <offer:name> [via <channel:name>] )",
                ], .repeated, doc: "what must come out"),
            ClauseRow(
                ["<dataSet:name> of <member:name> <values:values>"], .repeated,
                doc: "an event of a member"),
        ],
        isExecuted: false, doc: "members, events and what is expected of them")
}
