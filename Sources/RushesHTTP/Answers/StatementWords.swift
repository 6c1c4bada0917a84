/// The languages that pages for people come in.
enum PageLanguage: String, CaseIterable {
    case english = "en"
    case chinese = "zh"
}

/// The words of a statement in one language.
struct StatementWords {
    let code: String
    let title, customer, account, period, state, closed, running, transactions, none: String
    let credits, opening, bought, paid, granted, adjusted, captured, expired, revoked, refunded, closing: String
    let closingAvailable, closingHeld: String
    let frozen, holdsOpened, holdsReleased, holdsCaptured: String
    let lots, lot, cash, face, available, held, charged: String
    let unit, proof, chainHead: String
    /// What kinds of lots are called.
    let kinds: [String: String]

    /// The words of a language.
    static func of(_ language: PageLanguage) -> StatementWords {
        switch language {
        case .english: english
        case .chinese: chinese
        }
    }
}

extension StatementWords {
    private static let english = StatementWords(
        code: "en", title: "Statement of credits", customer: "Customer", account: "Account", period: "Period",
        state: "State", closed: "closed", running: "month still running", transactions: "Ledger transactions",
        none: "none", credits: "Credits", opening: "Opening balance", bought: "Bought", paid: "paid",
        granted: "Granted", adjusted: "Corrections", captured: "Delivered videos", expired: "Expired",
        revoked: "Taken back", refunded: "paid back", closing: "Closing balance",
        closingAvailable: "of which free to use",
        closingHeld: "of which frozen for running batches", frozen: "Frozen for batches (within the balance)",
        holdsOpened: "Frozen for new batches", holdsReleased: "Given back for videos that were not delivered",
        holdsCaptured: "Charged for delivered videos", lots: "Where the credits are, by grant", lot: "Grant",
        cash: "Paid",
        face: "Granted", available: "Free", held: "Frozen", charged: "Charged",
        unit: "Amounts are credits; one credit buys what one US dollar buys at list price. Cash is in US dollars.",
        proof: "The balance is proven by the hash of the account's last ledger transaction of the period; "
            + "the command `rushes ledger verify` checks it offline against an export. This is not a tax document.",
        chainHead: "Chain head",
        kinds: [
            "package": "Package", "topup": "Top-up", "promo": "Gift", "sla_credit": "Service credit",
            "adjustment": "Correction",
            "credit_line": "Credit line",
        ])

    private static let chinese = StatementWords(
        code: "zh-CN", title: "额度对账单", customer: "客户", account: "账户", period: "期间", state: "状态",
        closed: "已结账", running: "本月尚未结束", transactions: "账本交易编号", none: "无", credits: "额度变动",
        opening: "期初余额", bought: "购买", paid: "实付", granted: "赠送", adjusted: "调整", captured: "已交付视频",
        expired: "过期", revoked: "收回", refunded: "退款", closing: "期末余额", closingAvailable: "其中：可用",
        closingHeld: "其中：批次冻结中", frozen: "批次冻结（包含在余额内）", holdsOpened: "新批次冻结",
        holdsReleased: "未交付视频退回", holdsCaptured: "已交付视频扣费", lots: "各笔额度的去向", lot: "额度来源", cash: "实付",
        face: "授予", available: "可用", held: "冻结", charged: "已扣费",
        unit: "金额单位为额度；一额度按标价相当于一美元的购买力。现金以美元计。",
        proof: "余额由账户在本期最后一笔账本交易的哈希值证明；可用命令 `rushes ledger verify` 对导出的账本离线核验。"
            + "本对账单不是税务凭证。",
        chainHead: "账本末笔哈希",
        kinds: [
            "package": "套餐", "topup": "充值", "promo": "赠送", "sla_credit": "服务补偿", "adjustment": "调整",
            "credit_line": "信用额度",
        ])
}
