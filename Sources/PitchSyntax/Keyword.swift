/// The words of the language. A word means something only where a clause or an operator can stand;
/// elsewhere it is a name. This table and `grammar/keywords` are the same, which a test asserts;
/// the lexer, completion and the editor grammar read it, and no other place spells a word.
package enum Keyword: String, CaseIterable, Sendable {
    // declaration: `firstWords` names the first of each group
    case bundle, channel, coupon, define, events, field, goal, history, `import`, `let`, members,
        message, pitch, plan, project, segment, strategy, table, test, theme
    // clause
    case a, about, absent, add, answer, applies, approved, audience, back, best, budget, cap,
        cash, `catch`, change, `class`, consent, conversion, cost, coverage, csv, currency, cut,
        `defer`, delimiter, description, drop, env, exclusive, expect, expected, face, fee, file,
        free, fresh, funding, gap, gift, give, gives, gone, hold, idempotent, ignore, instalments,
        interest, item, keep, key, kind, least, limit, look, marketing, maximize, minimize, most,
        ndjson, near, new, nothing, out, owner, part, parts, period, picked, place, points,
        principal, prior, priority, profit, quantity, quarantine, quiet, raise, rate, replace,
        retry, roi, say, scene, score, sends, service, shipping, similarity, sqlite, stacks,
        steps, stock, store, success, team, themes, threshold, times, timezone, tries, up, uplift,
        use, valid, waiver, was, webhook, weigh, weight, when, worth
    // operator
    case after, ago, all, and, any, before, between, contains, `else`, has, `if`, `in`, `is`,
        known, missing, not, now, or, otherwise, starts, `where`, with
    // connecting
    case `as`, at, by, each, `for`, no, of, on, per, same, then, to, via, within, x
    // window
    case from, last, next, other, since, this, today, until, yesterday
    // aggregate
    case avg, count, distinct, first, max, min, nth, streak, sum
    // function
    case abs, age, day, hour, length, month, time, weekday, year
    // scene
    case anniversary, balance, birthday, bought, carted, changed, claimed, compared, enters, every,
        expiring, favourited, friday, idle, joined, member, monday, once, price, product, purchase,
        refunded, restocked, returned, saturday, searched, shared, sunday, thursday, topup,
        tuesday, used, viewed, weather, wednesday
    // type
    case comma, date, decimal, duration, instant, integer, money, number, one, percent, rounded,
        separated, tags, text, yesno, zone
    // unit
    case days, hours, minute, minutes, months, quarter, quarters, second, seconds, week, weeks,
        years

    /// What a word does; where it does several things, the first.
    package enum Category: String, CaseIterable, Sendable {
        case declaration, clause, `operator`, connecting, window, aggregate, function, scene, type,
            unit
    }

    /// As written in an English script.
    package var english: String { rawValue }
    /// As written in a Chinese script; nil where no spelling is settled.
    package var chinese: String? { Self.chineseSpellings[self] }
    package var category: Category { Self.categories[self] ?? .clause }

    /// Each category begins with a word and goes on to the next one's.
    private static let firstWords: [(category: Category, word: Keyword)] = [
        (.declaration, .bundle),
        (.clause, .a),
        (.operator, .after),
        (.connecting, .as),
        (.window, .from),
        (.aggregate, .avg),
        (.function, .abs),
        (.scene, .anniversary),
        (.type, .comma),
        (.unit, .days)
    ]

    private static let categories: [Keyword: Category] = {
        var result: [Keyword: Category] = [:]
        var category = Category.declaration
        for keyword in allCases {
            category = firstWords.first { $0.word == keyword }?.category ?? category
            result[keyword] = category
        }
        return result
    }()

    /// The words of a category, in alphabetical order.
    package static func words(of category: Category) -> [Keyword] {
        allCases.filter { $0.category == category }
    }
}

extension Keyword {
    fileprivate static let chineseSpellings: [Keyword: String] = [
        .bundle: "券包", .channel: "渠道", .coupon: "券", .define: "定义", .events: "事件", .field: "字段",
        .goal: "目标", .history: "历史", .import: "导入", .let: "设", .members: "会员数据", .message: "消息",
        .plan: "计划",
        .project: "项目", .segment: "人群", .strategy: "策略", .table: "表", .test: "测试", .theme: "主题",
        .about: "关于", .audience: "受众", .budget: "预算", .cap: "封顶", .cash: "现金", .conversion: "转化率",
        .cost: "成本", .coverage: "覆盖率", .currency: "货币", .description: "说明", .face: "面额",
        .file: "文件", .gift: "赠品", .give: "发放", .keep: "保持", .key: "键", .kind: "种类", .limit: "限制",
        .maximize: "最大化", .minimize: "最小化", .owner: "负责人", .period: "期限", .place: "地点",
        .points: "积分",
        .priority: "优先级", .profit: "利润", .quantity: "数量", .quiet: "静默", .rate: "速率", .say: "发送",
        .scene: "场景", .score: "得分", .shipping: "运费", .similarity: "相似度", .stock: "库存",
        .store: "存储", .success: "成功", .team: "团队", .threshold: "门槛", .timezone: "时区名",
        .valid: "有效期", .weight: "权重", .when: "当", .after: "晚于", .ago: "前", .all: "全部", .and: "且",
        .any: "任一", .before: "早于", .between: "介于", .contains: "包含", .else: "否则", .has: "含有",
        .if: "如果", .in: "在", .is: "是", .known: "已知", .missing: "缺失", .not: "非", .now: "现在",
        .or: "或", .otherwise: "其余", .where: "其中", .as: "作", .at: "在时", .by: "按", .each: "各",
        .for: "给", .no: "没有", .of: "的", .on: "于", .per: "每", .same: "相同", .then: "然后", .to: "到",
        .via: "经", .within: "之内", .x: "份", .from: "从", .last: "最近", .next: "未来", .other: "其他",
        .since: "自", .this: "本", .today: "今天", .until: "至", .yesterday: "昨天", .avg: "平均",
        .count: "次数", .distinct: "去重", .first: "首个", .max: "最大", .min: "最小", .nth: "第几个",
        .streak: "连续", .sum: "合计", .abs: "绝对值", .age: "年龄", .day: "日", .hour: "小时", .length: "长度",
        .month: "月", .time: "时间", .weekday: "星期", .year: "年", .anniversary: "周年", .balance: "余额",
        .birthday: "生日", .bought: "已购", .carted: "加购", .changed: "变动", .claimed: "已领",
        .compared: "对比", .enters: "进入", .every: "每隔", .expiring: "到期", .favourited: "收藏",
        .friday: "周五", .idle: "闲置", .joined: "加入", .member: "会员", .monday: "周一", .once: "一次",
        .price: "价格", .product: "商品", .purchase: "购买", .refunded: "退款", .restocked: "补货",
        .saturday: "周六", .searched: "搜索", .shared: "分享", .sunday: "周日", .thursday: "周四",
        .topup: "充值", .tuesday: "周二", .used: "已用", .viewed: "浏览", .weather: "天气",
        .wednesday: "周三", .date: "日期", .duration: "时长", .instant: "时刻", .integer: "整数",
        .money: "金额", .number: "数值", .percent: "百分比", .tags: "标签", .text: "文本", .yesno: "是否",
        .zone: "时区", .minute: "分钟", .quarter: "季度", .second: "秒", .week: "周",
    ]
}
