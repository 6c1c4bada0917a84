/// The words of invoices and credit notes in one language.
struct InvoiceWords {
    let code, invoice, creditNote: String
    let number, date, due, seller, buyer, taxID, account, period, purchase, refersTo, reason, state: String
    let issued, paid, void, paidBy, repaidBy: String
    let item, quantity, unitPrice, amount, net, tax, total, credited, bank: String
    let package, topup, video, credit, grants, takesBack, partly: String
    let unit, proof: String

    /// The words of a language.
    static func of(_ language: PageLanguage) -> InvoiceWords {
        switch language {
        case .english: english
        case .chinese: chinese
        }
    }
}

extension InvoiceWords {
    private static let english = InvoiceWords(
        code: "en", invoice: "Invoice", creditNote: "Credit note", number: "Number", date: "Date", due: "Payable by",
        seller: "From", buyer: "To", taxID: "Tax number", account: "Account", period: "Period",
        purchase: "Purchase", refersTo: "Refers to", reason: "Reason", state: "State", issued: "issued", paid: "paid",
        void: "void", paidBy: "Paid by", repaidBy: "Paid back by", item: "Item", quantity: "Quantity",
        unitPrice: "Unit price", amount: "Amount", net: "Net", tax: "Tax", total: "Total",
        credited: "Total credited", bank: "Bank data", package: "Prepaid package", topup: "Top-up of credits",
        video: "Delivered videos", credit: "Unused credits taken back", grants: "grants credits of",
        takesBack: "credits of", partly: "the first one partly paid from other credits",
        unit: "All amounts are in US dollars.",
        proof: "This document's content was frozen when it was issued. SHA-256 of the frozen text:")

    private static let chinese = InvoiceWords(
        code: "zh-CN", invoice: "发票", creditNote: "红字发票（贷项通知单）", number: "编号", date: "开具日期",
        due: "付款截止", seller: "销售方", buyer: "购买方", taxID: "税号", account: "账户", period: "计费期间",
        purchase: "订单", refersTo: "对应单据", reason: "原因", state: "状态", issued: "已开具", paid: "已付款",
        void: "已作废", paidBy: "付款凭证", repaidBy: "退款凭证", item: "项目", quantity: "数量", unitPrice: "单价",
        amount: "金额", net: "不含税金额", tax: "税额", total: "价税合计", credited: "冲减合计", bank: "收款账户",
        package: "预付套餐", topup: "额度充值", video: "已交付视频", credit: "收回未使用额度", grants: "授予额度",
        takesBack: "额度", partly: "其中第一条部分由其他额度支付", unit: "金额单位：美元。",
        proof: "本单据内容在开具时即已固定。固定文本的 SHA-256：")
}
