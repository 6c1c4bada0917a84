import RushesClient
import RushesWire

/// The newcomer's first minute, told step by step on stdout; it sees only what customers and operators see.
struct DemoStory {
    /// The server as its customer sees it.
    let baseURL: String
    /// The server as its operator sees it.
    let operators: AdminClient
    /// The demo's folder.
    let directory: String

    /// Plays the story.
    ///
    /// - Throws: `Complaint` when anything is not as it must be.
    func play() async throws {
        let account = try await openAccount()
        let story = DemoCustomer(baseURL: baseURL, directory: directory, account: account)
        try await RushesClient.withConnection(
            baseURL: baseURL, apiKey: account.apiKey, retry: RetryPolicy { try await Task.sleep(for: $0) }
        ) { client in
            try await story.play(with: client)
        }
        try await verify()
        story.tellNextSteps()
    }

    /// An organization with a package and a model with a short deadline.
    private func openAccount() async throws -> OrganizationCreated {
        try await shortenDeadline()
        let account = try await operators.createOrganization(OrganizationRequest(name: "Demo Studio"))
        let purchase = try await operators.purchase(
            PurchaseRequest(
                organizationID: account.organizationID, package: "pack_2000",
                reference: "DEMO-\(account.organizationID)"))
        heading("Demo Studio")
        output("organization  \(account.organizationID)")
        output(
            "package       paid \(dollars(purchase.paidMicros)), granted \(dollars(purchase.faceMicros)) at list price")
        return account
    }

    private func shortenDeadline() async throws {
        var catalogue = try await operators.catalogue()
        for index in catalogue.models.indices where catalogue.models[index].id == DemoSheet.model {
            catalogue.models[index].deadlineSeconds = DemoSheet.deadlineSeconds
            catalogue.models[index].slaSeconds = min(catalogue.models[index].slaSeconds, DemoSheet.deadlineSeconds)
        }
        catalogue.version = nil
        catalogue.inForceFrom = nil
        _ = try await operators.applyCatalogue(catalogue)
    }

    private func verify() async throws {
        let check = try await operators.check()
        heading("Check")
        guard check.ok else {
            throw Complaint(
                message: "rushes check found \(check.violations.count) violations",
                details: check.violations.map { "\($0.invariant): \($0.subject): \($0.detail)" })
        }
        output("\(check.checked.count) invariants of money and state hold")
    }
}

/// A step's title.
func heading(_ title: String) {
    output("")
    output(Terminal.stdout.styled(title, .bold))
}
