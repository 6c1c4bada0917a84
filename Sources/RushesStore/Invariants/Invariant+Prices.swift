import RushesCore
import RushesDatabase

extension SQLReading {
    /// Whether a batch has the price that its model had under the version that it names, and was frozen when that was
    /// in force.
    func violations(ofPriceOf batch: BatchID) throws(DatabaseError) -> [InvariantViolation] {
        let rows = try query(
            "SELECT price_version, model, unit_price_micros, created_at FROM batch WHERE id = $1",
            [.text(batch.rawValue)])
        guard let row = rows.first else { return [] }
        let (number, model) = (try row.int(0), try row.text(1))
        let (price, createdAt) = (try row.credits(2), try row.time(3))
        func violation(_ detail: String) -> [InvariantViolation] {
            [InvariantViolation(.batchHasItsPrice, batch.rawValue, detail)]
        }
        guard let version = try priceBook(version: number) else { return violation("version \(number) is missing") }
        if let date = version.date, date > createdAt {
            return violation("frozen at \(createdAt) under version \(number), which is in force from \(date)")
        }
        let listed = version.book.catalogue.model(model)?.unitPrice
        return listed == price
            ? [] : violation("price \(price.micros), in version \(number) \(listed.map { "\($0.micros)" } ?? "none")")
    }
}
