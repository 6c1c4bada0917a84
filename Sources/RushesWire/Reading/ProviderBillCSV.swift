/// Reads a provider's bill: a header row with `job` and `amount_usd`, then one line for each job.
package enum ProviderBillCSV {
    /// The lines, with an issue for each row that could not be read; empty rows are passed by.
    ///
    /// - Throws: `SheetDefect` when the bytes are no UTF-8 text.
    package static func read(_ bytes: [UInt8]) throws(SheetDefect) -> (lines: [ProviderBillLine], issues: [String]) {
        try SheetText.check(bytes)
        var reader = CSVReader(bytes, from: SheetText.start(of: bytes))
        let names = (reader.row()?.cells ?? []).map { $0.lowercased() }
        guard let job = names.firstIndex(of: "job"), let amount = names.firstIndex(of: "amount_usd") else {
            return ([], ["row 1 names the columns, and job and amount_usd are among them"])
        }
        var lines: [ProviderBillLine] = []
        var issues: [String] = []
        reader.skipEmptyLines()
        while let row = reader.row() {
            defer { reader.skipEmptyLines() }
            if row.isBlank { continue }
            let cells = row.cells
            guard row.faults.isEmpty, cells.indices.contains(job), cells.indices.contains(amount), !cells[job].isEmpty,
                let micros = micros(cells[amount])
            else {
                issues.append("row \(row.number): a job and an amount in dollars like 0.35 are expected")
                continue
            }
            lines.append(ProviderBillLine(job: cells[job], amountMicros: micros))
        }
        return (lines, issues)
    }

    /// Exactly: at most six digits behind the point, no sign, no exponent.
    private static func micros(_ text: String) -> Int64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { part in
            !part.isEmpty && part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        }
        guard isPlain, (1...2).contains(parts.count), parts[0].count <= 9 else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard fraction.count <= 6 else { return nil }
        return Int64(parts[0] + fraction + String(repeating: "0", count: 6 - fraction.count))
    }
}
