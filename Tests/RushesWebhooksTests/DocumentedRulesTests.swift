import Foundation
import RushesCore
import Testing

/// docs/webhooks.md names everything that customers may meet.
@Suite struct DocumentedRulesTests {
    private static let page = URL(filePath: SampleReceiver.folder)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "webhooks.md")

    @Test func everyEventFailureAndBlockStandsOnThePage() throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        for type in EventType.allCases where type.isDelivered { #expect(text.contains("`\(type.rawValue)`")) }
        for failure in DeliveryFailure.allCases { #expect(text.contains("`\(failure.rawValue)`")) }
        // What is denied of version 6 beside the inner part of 2000::/3 is one sentence on the page.
        let outside = ["::/3", "4000::/2", "8000::/1"]
        for block in AddressRules.deniedBlocks where !outside.contains(block.description) {
            #expect(text.contains("`\(block)`"), "\(block)")
        }
    }
}
