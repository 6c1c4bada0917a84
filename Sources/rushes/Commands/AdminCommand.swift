import ArgumentParser

/// `rushes admin`
struct AdminCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "admin", abstract: "Organizations, keys, credits, the catalogue, lanes and promises.",
        discussion: """
            On SQLite it works beside a running server (through DIR/admin.sock) and without one (it then opens DIR
            itself). On PostgreSQL it needs only the database's address and works beside any number of servers.
            """,
        subcommands: [
            AdminOrganizationCommand.self, AdminKeyCommand.self, AdminPurchaseCommand.self, AdminRefundCommand.self,
            AdminDisputeCommand.self, AdminGrantCommand.self, AdminAdjustCommand.self, AdminCatalogueCommand.self,
            AdminLaneCommand.self,
            AdminServiceLevelCommand.self, AdminMarginCommand.self, AdminBudgetCommand.self, AdminInvoiceCommand.self,
            AdminCreditLineCommand.self, AdminTaxCommand.self, AdminCostCommand.self,
        ])
}
