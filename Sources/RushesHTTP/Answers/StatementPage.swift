import RushesWire

/// A statement as a page for a finance department: for the screen, for paper, and for what makes a PDF of it.
///
/// No script, nothing from elsewhere. Its figures are those of the JSON.
struct StatementPage {
    private let statement: StatementBody
    private let customer: String
    private let words: StatementWords

    /// A page in a language, for a customer by its name.
    init(_ statement: StatementBody, customer: String, language: PageLanguage) {
        self.statement = statement
        self.customer = customer
        words = StatementWords.of(language)
    }

    /// The page.
    var html: String {
        """
        <!doctype html>
        <html lang="\(words.code)"><head><meta charset="utf-8"><title>\(words.title) \(statement.month)</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <style>\(Self.style)</style></head><body>
        <header><div class="brand">Rushes</div>
        <div><h1>\(words.title)</h1><p class="month">\(statement.month)</p></div></header>
        <table class="facts"><tbody>\(facts)</tbody></table>
        \(section(words.credits, movementRows))
        \(section(words.frozen, holdRows))
        <h2>\(words.lots)</h2>\(lotTable)
        <footer><p>\(words.unit)</p><p>\(words.proof)</p>
        <p>\(words.chainHead): <span class="hash">\(statement.chainHead)</span></p></footer>
        </body></html>

        """
    }

    private var facts: String {
        let numbers = statement.firstSeq.map { "\($0) – \(statement.lastSeq)" } ?? words.none
        let pairs = [
            (words.customer, customer), (words.account, statement.organizationID),
            (words.period, "\(statement.month), UTC"), (words.state, statement.closed ? words.closed : words.running),
            (words.transactions, numbers),
        ]
        return pairs.map { "<tr><th>\($0)</th><td>\(htmlEscaped($1))</td></tr>" }.joined()
    }

    private var movementRows: [Row] {
        let movements = statement.movements
        return [
            Row(words.opening, statement.opening.totalMicros, isTotal: true),
            Row(words.bought, movements.boughtMicros, note: "\(words.paid) \(MoneyText.dollars(movements.paidMicros))"),
            Row(words.granted, movements.grantedMicros), Row(words.adjusted, movements.adjustedMicros),
        ] + movements.captured.map { Row(words.captured, -$0.capturedMicros, note: $0.model) } + [
            Row(words.expired, -movements.expiredMicros),
            Row(
                words.revoked, -movements.revokedMicros,
                note: movements.refundedMicros == 0
                    ? "" : "\(words.refunded) \(MoneyText.dollars(movements.refundedMicros))"),
            Row(words.closing, statement.closing.totalMicros, isTotal: true),
            Row(words.closingAvailable, statement.closing.availableMicros, isPart: true),
            Row(words.closingHeld, statement.closing.heldMicros, isPart: true),
        ]
    }

    private var holdRows: [Row] {
        let holds = statement.holds
        let (opening, closing) = (statement.opening.heldMicros, statement.closing.heldMicros)
        return [
            Row(words.opening, opening, isTotal: true), Row(words.holdsOpened, holds.openedMicros),
            Row(words.holdsReleased, -holds.releasedMicros),
            Row(words.holdsCaptured, closing - opening - holds.openedMicros + holds.releasedMicros),
            Row(words.closing, closing, isTotal: true),
        ]
    }

    private func section(_ title: String, _ rows: [Row]) -> String {
        let lines = rows.map { row in
            "<tr class=\"\(row.style)\"><td>\(row.name)<span>\(htmlEscaped(row.note))</span></td>"
                + "<td class=\"amount\">\(MoneyText.plain(row.micros))</td></tr>"
        }
        return "<h2>\(title)</h2><table class=\"sums\"><tbody>\(lines.joined(separator: "\n"))</tbody></table>"
    }

    private var lotTable: String {
        if statement.lots.isEmpty { return "<p>\(words.none)</p>" }
        let titles = [
            words.cash, words.face, words.available, words.held, words.charged, words.expired, words.revoked,
            words.adjusted,
        ]
        let head = titles.map { "<th class=\"amount\">\($0)</th>" }.joined()
        let rows = statement.lots.map { lot in
            let amounts = [
                lot.faceMicros, lot.availableMicros, lot.heldMicros, lot.capturedMicros, lot.expiredMicros,
                lot.revokedMicros, lot.adjustedMicros,
            ].map(MoneyText.plain)
            let cells = ([MoneyText.dollars(lot.paidMicros)] + amounts).map { "<td class=\"amount\">\($0)</td>" }
            let kind = htmlEscaped(words.kinds[lot.kind] ?? lot.kind)
            return "<tr><td>\(kind)<span>\(htmlEscaped(lot.lotID))</span></td>\(cells.joined())</tr>"
        }
        return "<table class=\"lots\"><thead><tr><th>\(words.lot)</th>\(head)</tr></thead>"
            + "<tbody>\(rows.joined(separator: "\n"))</tbody></table>"
    }
}

/// One amount of a statement.
private struct Row {
    let name: String
    let note: String
    let micros: Int64
    let style: String

    init(_ name: String, _ micros: Int64, note: String = "", isTotal: Bool = false, isPart: Bool = false) {
        self.name = name
        self.note = note
        self.micros = micros
        style = isTotal ? "total" : isPart ? "part" : ""
    }
}

extension StatementPage {
    private static let style = """
        @page{size:A4;margin:13mm 16mm 15mm;@bottom-right{content:counter(page) " / " counter(pages);\
        font:8pt "Noto Sans","Noto Sans CJK SC","DejaVu Sans",sans-serif;color:#666}}
        body{font:10pt/1.45 "Noto Sans","Noto Sans CJK SC","DejaVu Sans",system-ui,sans-serif;\
        color:#1a1a1a;font-variant-ligatures:none;\
        max-width:50rem;margin:2rem auto;padding:0 1rem}
        @media print{body{max-width:none;margin:0;padding:0}}
        header{display:flex;justify-content:space-between;border-bottom:2px solid #1a1a1a;margin-bottom:1rem}
        header>div:last-child{text-align:right} .brand{font-size:17pt;font-weight:700}
        h1{font-size:15pt;margin:0} .month{margin:0 0 .5rem;font-size:12pt} h2{font-size:11pt;margin:1rem 0 .25rem}
        table{border-collapse:collapse;width:100%} .facts{width:auto}
        th{text-align:left;font-weight:600;color:#444} .facts th{padding:.1rem 1.5rem .1rem 0}
        td,th{padding:.17rem .4rem;vertical-align:top} .facts td{padding:.1rem 0}
        .sums tr,.lots tbody tr{border-top:1px solid #ddd} .sums .total{border-top:1px solid #1a1a1a;font-weight:700}
        .sums .total td{background:#f4f4f4} .sums .part td:first-child{padding-left:1.6rem} .part{color:#444}
        .amount{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        td span{color:#666;font-weight:400;margin-left:.7rem} .lots{font-size:8pt} .lots td span{display:block;margin:0;\
        font-size:6.5pt} .lots td,.lots th{padding:.25rem .25rem} .lots thead tr{border-bottom:1px solid #1a1a1a}
        tr{break-inside:avoid} footer{margin-top:1rem;border-top:1px solid #bbb;font-size:8pt;color:#555}
        footer p{margin:.3rem 0} .hash{font-family:"DejaVu Sans Mono",monospace;font-size:7pt;word-break:break-all}
        """
}
