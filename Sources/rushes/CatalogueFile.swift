import Foundation
import RushesWire
import Yams

/// A catalogue as an operator writes it: YAML, of which JSON is a part.
struct CatalogueFile {
    /// Where it is.
    let path: String

    /// Reads the file; what it says is checked where it is applied.
    func read() throws -> CatalogueBody {
        do {
            var catalogue = try YAMLDecoder().decode(
                CatalogueBody.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
            // What `show` wrote names the version that it had; the next one is given where it is applied.
            catalogue.version = nil
            return catalogue
        } catch let error as DecodingError {
            throw Complaint(message: "\(path): \(error.place)", status: .input)
        } catch CocoaError.fileReadNoSuchFile {
            throw Complaint(message: "\(path): no such file", status: .input)
        } catch {
            throw Complaint(message: "\(path): \(error.localizedDescription)", status: .input)
        }
    }
}

extension DecodingError {
    /// Where and what, in a line.
    fileprivate var place: String {
        switch self {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            Self.text(context.codingPath, context.debugDescription)
        case .keyNotFound(let key, let context): Self.text(context.codingPath + [key], "is missing")
        @unknown default: String(describing: self)
        }
    }

    private static func text(_ path: [any CodingKey], _ what: String) -> String {
        let place = path.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }.joined()
        return place.isEmpty ? what : "\(place.drop { $0 == "." }): \(what)"
    }
}
