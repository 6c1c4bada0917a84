import Foundation
import RushesClient
import RushesWire
import Testing

extension EndToEndWaiting {
    /// Credits as a business, with the real server, the real sandbox and the operator's commands.
    @Suite struct CreditTests {
        @Test(
            "a gift of 50 and a package, 100 Veo videos of which 87 succeed: exact to the micro",
            .timeLimit(.minutes(10)))
        func workedExample() async throws {
            try await Stage.with(Stage.Plan(speed: 200)) { stage in
                let account = try await stage.account()
                let purchase = try await bought(by: account, on: stage)
                let gift: GrantBody = try await stage.admin([
                    "admin", "grant", account.organization, "--micros", "50000000", "--expires", "2099-12-31",
                    "--reference", UUID().uuidString, "--reason", "autumn", "--by", "ada",
                ])
                let sheet = BatchInput(
                    requestID: "hundred", model: "veo-pro",
                    tasks: (0..<100).map { TaskInput(prompt: "Boat \($0)" + ($0 < 13 ? " [sim:fail]" : "")) })
                let batch = try await stage.withClient(key: account.key) { try await $0.submit(sheet).batch }
                #expect(batch.frozenMicros == 599_000_000)
                let ended = try await stage.ended(batch.id, account, within: 400)
                #expect(ended.counts.succeeded == 87 && ended.chargedMicros == 521_130_000)
                #expect(ended.refundedMicros == 77_870_000)

                let wallet = try await stage.withClient(key: account.key) { try await $0.wallet() }
                #expect(wallet.availableMicros == 1_805_070_000 && wallet.heldMicros == 0)
                #expect(wallet.lots.map(\.id) == [purchase.lotID])
                let freeze = try await stage.withClient(key: account.key) { client in
                    try await client.wholeLedger(batch: batch.id).filter { $0.kind == "freeze" }
                }
                #expect(
                    freeze.map(\.account)
                        == [gift.lotID, purchase.lotID ?? ""].flatMap { lot in
                            ["lot:\(lot):available", "lot:\(lot):held"]
                        })
                #expect(freeze.map(\.amountMicros) == [-50_000_000, 50_000_000, -549_000_000, 549_000_000])
                let refund: PurchaseRefundBody = try await stage.admin([
                    "admin", "refund", purchase.id, "--reference", UUID().uuidString, "--reason", "asked", "--by",
                    "ada",
                ])
                #expect(refund.cashMicros == 1_586_038_134 && refund.creditsMicros == 1_805_070_000)
                let levels: ServiceLevelReport = try await stage.admin(["admin", "sla"])
                #expect(levels.models.first { $0.model == "veo-pro" }?.delivered == 87)
                for options in [["--dry-run"], ["--organization", account.organization, "--by", "ada"]] {
                    let owed: ServiceCreditReport = try await stage.admin(
                        ["admin", "sla", "credit", "--month", "2026-01"] + options)
                    #expect(owed.month == "2026-01" && owed.lines == [] && owed.totalMicros == 0)
                }
                try await stage.expectSound()
            }
        }

        /// A package that the customer opens and the operator confirms, twice with one reference.
        private func bought(by account: Stage.Account, on stage: Stage) async throws -> PurchaseBody {
            let opened = try await stage.withClient(key: account.key) { client in
                try await client.openPurchase(PurchaseOpeningRequest(requestID: "po-1", package: "pack_2000"))
            }
            #expect(opened.status == "pending")
            let reference = UUID().uuidString
            let confirm = ["admin", "purchase", "--confirm", opened.id, "--reference", reference]
            let granted: PurchaseBody = try await stage.admin(confirm)
            let again: PurchaseBody = try await stage.admin(confirm)
            #expect(granted.status == "granted" && granted.faceMicros == 2_276_200_000 && again == granted)
            return granted
        }

        @Test("a correction takes two names, on the command line too", .timeLimit(.minutes(5)))
        func adjustment() async throws {
            try await Stage.with(Stage.Plan()) { stage in
                let account = try await stage.account(micros: 5_000_000)
                let proposed: AdjustmentBody = try await stage.admin([
                    "admin", "adjust", "propose", account.organization, "--micros", "-1500000", "--reason", "twice",
                    "--ticket", "T-1", "--by", "ada",
                ])
                let own = try await stage.run(["admin", "adjust", "approve", proposed.id, "--by", "ada"])
                #expect(own.status != 0 && own.stderr.contains("cannot approve"), "\(own.stderr)")
                let approved: AdjustmentBody = try await stage.admin([
                    "admin", "adjust", "approve", proposed.id, "--by", "bob",
                ])
                #expect(approved.status == "approved")
                let wallet = try await stage.withClient(key: account.key) { try await $0.wallet() }
                #expect(wallet.availableMicros == 3_500_000)
                let listed = try await stage.run(["admin", "adjust", "list", "--organization", account.organization])
                #expect(listed.stdout.contains(proposed.id) && listed.stdout.contains("-$1.50"))
                try await stage.expectSound()
            }
        }
    }
}
