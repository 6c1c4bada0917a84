import RushesCore
import RushesWire

/// An invoice or a credit note as a page: for the screen, for paper, and for what makes a PDF of it.
///
/// It is made from the frozen document alone, and from what became of it since. No script, nothing from elsewhere.
struct InvoicePage {
    private let invoice: Invoice
    private let document: InvoiceDocument
    private let words: InvoiceWords

    /// A page in a language.
    init(_ invoice: Invoice, _ document: InvoiceDocument, language: PageLanguage) {
        self.invoice = invoice
        self.document = document
        words = InvoiceWords.of(language)
    }

    /// The page.
    var html: String {
        """
        <!doctype html>
        <html lang="\(words.code)"><head><meta charset="utf-8"><title>\(title) \(htmlEscaped(document.number))</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <style>\(Self.style)</style></head><body>\(stamp)
        <header><div class="brand">\(htmlEscaped(document.seller.name))</div>
        <div><h1>\(title)</h1><p class="number">\(htmlEscaped(document.number))</p></div></header>
        <div class="parties">\(party(words.seller, document.seller))\(party(words.buyer, document.buyer))</div>
        <table class="facts"><tbody>\(facts)</tbody></table>
        \(lineTable)
        <table class="sums"><tbody>\(sums)</tbody></table>
        \(bank)
        <footer><p>\(words.unit)</p>
        <p>\(words.proof) <span class="hash">\(htmlEscaped(invoice.documentHash))</span></p></footer>
        </body></html>

        """
    }

    private var title: String {
        switch document.kind {
        case .invoice: words.invoice
        case .creditNote: words.creditNote
        }
    }

    private var stamp: String {
        switch invoice.state {
        case .issued, .paid: ""
        case .void: "<div class=\"stamp\">\(words.void)</div>"
        }
    }

    private var state: String {
        switch invoice.state {
        case .issued: words.issued
        case .paid: words.paid
        case .void: words.void + (invoice.voiding.map { " – " + $0.reason } ?? "")
        }
    }

    private func party(_ role: String, _ party: InvoiceDocument.Party) -> String {
        let lines =
            ["<strong>\(htmlEscaped(party.name))</strong>"] + party.address.map(htmlEscaped)
            + (party.taxID.map { ["\(words.taxID): \(htmlEscaped($0))"] } ?? [])
            + (party.organizationID.map { ["<span class=\"id\">\(words.account): \(htmlEscaped($0))</span>"] } ?? [])
        return "<div><h2>\(role)</h2><p>\(lines.joined(separator: "<br>"))</p></div>"
    }

    private var facts: String {
        let pairs: [(String, String?)] = [
            (words.number, document.number), (words.date, String(document.issuedAt.prefix(10))),
            (words.due, document.dueAt.map { String($0.prefix(10)) }), (words.state, state),
            (words.period, document.month.map { "\($0) (UTC)" }), (words.purchase, document.purchaseID),
            (words.refersTo, document.refersTo), (words.reason, document.reason),
            (
                document.kind == .invoice ? words.paidBy : words.repaidBy,
                document.paymentReference ?? invoice.payment?.reference
            ),
        ]
        return pairs.compactMap { name, value in
            value.map { "<tr><th>\(name)</th><td>\(htmlEscaped($0))</td></tr>" }
        }.joined()
    }

    private var lineTable: String {
        let rows = document.lines.map { line in
            let price = line.unitPriceMicros.map(MoneyText.plain) ?? ""
            return "<tr><td>\(text(of: line))<span>\(htmlEscaped(note(on: line)))</span></td>"
                + "<td class=\"amount\">\(line.count)</td><td class=\"amount\">\(price)</td>"
                + "<td class=\"amount\">\(MoneyText.plain(line.amountMicros))</td></tr>"
        }
        return "<table class=\"lines\"><thead><tr><th>\(words.item)</th><th class=\"amount\">\(words.quantity)</th>"
            + "<th class=\"amount\">\(words.unitPrice)</th><th class=\"amount\">\(words.amount)</th></tr></thead>"
            + "<tbody>\(rows.joined(separator: "\n"))</tbody></table>"
    }

    private func text(of line: InvoiceDocument.Line) -> String {
        let name =
            switch line.item {
            case .package: words.package
            case .topup: words.topup
            case .video: words.video
            case .credit: words.credit
            }
        return name + (line.name.map { " " + htmlEscaped($0) } ?? "")
    }

    private func note(on line: InvoiceDocument.Line) -> String {
        switch (line.item, line.creditsMicros) {
        case (.package, let credits?), (.topup, let credits?): "\(words.grants) \(MoneyText.plain(credits))"
        case (.credit, let credits?): "\(words.takesBack) \(MoneyText.plain(credits))"
        case (.video, _): line.unitPriceMicros == nil ? words.partly : ""
        case (.package, nil), (.topup, nil), (.credit, nil): ""
        }
    }

    private var sums: String {
        let total = document.kind == .invoice ? words.total : words.credited
        return [
            row(words.net, document.netMicros, ""),
            row("\(words.tax) \(percent(document.taxRateBasisPoints))", document.taxMicros, ""),
            row("\(total) (\(htmlEscaped(document.currency)))", document.totalMicros, "total"),
        ].joined(separator: "\n")
    }

    private func row(_ name: String, _ micros: Int64, _ style: String) -> String {
        "<tr class=\"\(style)\"><td>\(name)</td><td class=\"amount\">\(MoneyText.plain(micros))</td></tr>"
    }

    private func percent(_ basisPoints: Int) -> String {
        let (whole, rest) = (basisPoints / 100, basisPoints % 100)
        if rest == 0 { return "\(whole) %" }
        return "\(whole).\(rest < 10 ? "0" : "")\(rest) %"
    }

    private var bank: String {
        if document.seller.bank.isEmpty || document.kind == .creditNote { return "" }
        return "<h2>\(words.bank)</h2><p>\(document.seller.bank.map(htmlEscaped).joined(separator: "<br>"))</p>"
    }
}

extension InvoicePage {
    private static let style = """
        @page{size:A4;margin:16mm 18mm 16mm;@bottom-right{content:counter(page) " / " counter(pages);\
        font:8pt "Noto Sans","Noto Sans CJK SC","DejaVu Sans",sans-serif;color:#666}}
        body{font:10pt/1.45 "Noto Sans","Noto Sans CJK SC","DejaVu Sans",system-ui,sans-serif;\
        color:#1a1a1a;font-variant-ligatures:none;max-width:46rem;margin:2rem auto;padding:0 1rem}
        @media print{body{max-width:none;margin:0;padding:0}}
        header{display:flex;justify-content:space-between;border-bottom:2px solid #1a1a1a;margin-bottom:1rem}
        header>div:last-child{text-align:right} .brand{font-size:13pt;font-weight:700;max-width:60%}
        h1{font-size:16pt;margin:0} .number{margin:0 0 .5rem;font-size:11pt;font-variant-numeric:tabular-nums}
        h2{font-size:9pt;margin:1rem 0 .25rem;color:#555} .parties{display:flex;margin-bottom:1rem}
        .parties>div{width:50%} p{margin:.2rem 0} .parties p{margin:0} .id{color:#666;font-size:8pt}
        table{border-collapse:collapse;width:100%} .facts{width:auto;margin-bottom:1.4rem}
        th{text-align:left;font-weight:600;color:#444} td,th{padding:.25rem .4rem;vertical-align:top}
        .facts th{padding:.1rem 1.5rem .1rem 0;white-space:nowrap} .facts td{padding:.1rem 0}
        .lines thead tr{border-bottom:1px solid #1a1a1a} .lines tbody tr{border-bottom:1px solid #ddd}
        .amount{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        td span{display:block;color:#666;font-size:8pt} .sums{width:50%;margin:1rem 0 1rem auto}
        .sums .total td{border-top:1px solid #1a1a1a;font-weight:700;background:#f4f4f4}
        tr{break-inside:avoid} footer{margin-top:2rem;border-top:1px solid #bbb;font-size:8pt;color:#555}
        footer p{margin:.3rem 0} .hash{font-family:"DejaVu Sans Mono",monospace;font-size:7pt;word-break:break-all}
        .stamp{position:absolute;top:38%;left:18%;font-size:70pt;font-weight:700;color:#c00;opacity:.18;\
        transform:rotate(-24deg);text-transform:uppercase}
        """
}
