import Foundation
package import RushesCore
package import RushesWire
import Yams

/// A catalogue as an operator writes it, such as `rushes.yaml`: YAML, of which JSON is a part.
package struct CatalogueFile: Sendable {
    /// Where it is.
    package let path: String

    /// The file at a path.
    package init(path: String) {
        self.path = path
    }

    /// The catalogue, every member checked; whether its values make sense is checked where it is applied.
    ///
    /// - Throws: `CatalogueFileError`.
    package func catalogue() throws(CatalogueFileError) -> Catalogue {
        try reading { try CatalogueBody.catalogue(reading: json()) }
    }

    /// The catalogue; nil for a file that says nothing but who sells.
    ///
    /// - Throws: `CatalogueFileError`.
    func catalogueIfAny() throws(CatalogueFileError) -> Catalogue? {
        let isOther = try reading { try members().keys.contains { $0 != Self.legalEntityKey } }
        return isOther ? try catalogue() : nil
    }

    /// Who sells; nil for a file that does not say it.
    ///
    /// - Throws: `CatalogueFileError`.
    package func legalEntity() throws(CatalogueFileError) -> LegalEntity? {
        guard let value = try reading({ try members()[Self.legalEntityKey] }) else { return nil }
        let entity = LegalEntityReader(value)
        if !entity.defects.isEmpty {
            throw CatalogueFileError(path: path, reasons: entity.defects.map { "/\(Self.legalEntityKey)/\($0)" })
        }
        return entity.entity
    }

    private static let legalEntityKey = "legal_entity"

    /// The catalogue as the operators' API takes it.
    ///
    /// - Throws: `CatalogueFileError`.
    package func body() throws(CatalogueFileError) -> CatalogueBody {
        var body = CatalogueBody(PriceBook(version: 0, catalogue: try catalogue()))
        body.version = nil  // Given where it is applied.
        return body
    }

    /// The file's content as JSON, so that it is read with the same rules and told the same errors as a request.
    private func json() throws -> [UInt8] {
        var members = try members()
        // What `catalog show` wrote names its version and date; the next ones are given where it is applied.
        members["version"] = nil
        members["in_force_from"] = nil
        members[Self.legalEntityKey] = nil
        return [UInt8](try JSONSerialization.data(withJSONObject: members))
    }

    private func members() throws -> [String: Any] {
        let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        guard let members = try Yams.load(yaml: text) as? [String: Any] else {
            throw CatalogueFileError(path: path, reasons: ["a mapping with models and packages is expected"])
        }
        return members
    }

    private func reading<Value>(_ body: () throws -> Value) throws(CatalogueFileError) -> Value {
        do {
            return try body()
        } catch let error as CatalogueFileError {
            throw error
        } catch let error as IssueList {
            throw CatalogueFileError(
                path: path, reasons: error.listed.map { "\($0.pointer ?? ""): \($0.detail)" })
        } catch CocoaError.fileReadNoSuchFile {
            throw CatalogueFileError(path: path, reasons: ["no such file"])
        } catch {
            throw CatalogueFileError(path: path, reasons: ["\(error)"])
        }
    }
}

/// Why a catalogue file cannot be used.
package struct CatalogueFileError: Error, Equatable, CustomStringConvertible {
    /// Where it is.
    package let path: String
    /// What is wrong, a sentence each.
    package let reasons: [String]

    package var description: String { "\(path): \(reasons.joined(separator: "; "))" }
}
