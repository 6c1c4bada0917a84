import ArgumentParser

/// `rushes admin`
struct AdminCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "admin", abstract: "Organizations, keys, purchases and the catalogue.",
        discussion:
            "Works beside a running server (through DIR/admin.sock) and without one (it then opens DIR itself).",
        subcommands: [
            AdminOrganizationCommand.self, AdminKeyCommand.self, AdminPurchaseCommand.self, AdminCatalogueCommand.self,
        ])
}
