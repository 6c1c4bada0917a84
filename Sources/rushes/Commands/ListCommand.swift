import ArgumentParser
import RushesClient
import RushesWire

/// `rushes list`
struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List batches, the newest first.")

    @Option(help: "How many.")
    var limit = 20

    @OptionGroup var customer: CustomerOptions

    func run() async throws {
        let batches = try await customer.withClient { client in
            try await pages(limit: limit) { try await client.batches(limit: $0, cursor: $1) }
        }
        if customer.json { return try outputJSON(batches) }
        var table = Table([
            ("BATCH", .left), ("STATUS", .left), ("MODEL", .left), ("OK", .right), ("FAILED", .right),
            ("TOTAL", .right),
            ("CHARGED", .right), ("CREATED", .left), ("NAME", .left),
        ])
        for batch in batches.data {
            table.add([
                batch.id, batch.status, batch.model, "\(batch.counts.succeeded)", "\(batch.counts.failed)",
                "\(batch.counts.total)", dollars(batch.chargedMicros), batch.createdAt, batch.name ?? "",
            ])
        }
        table.lines.forEach(output)
    }
}

/// Up to `limit` items of a list, page by page, as one list; its cursor leads on.
func pages<Item>(
    limit: Int, _ page: (_ size: Int, _ cursor: String?) async throws -> ListBody<Item>
) async throws -> ListBody<Item> {
    var items: [Item] = []
    var cursor: String?
    repeat {
        let next = try await page(max(1, min(100, limit - items.count)), cursor)
        items += next.data
        cursor = next.hasMore ? next.nextCursor : nil
    } while cursor != nil && items.count < limit
    return ListBody(data: items, nextCursor: cursor)
}
