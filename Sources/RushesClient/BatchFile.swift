internal import Crypto

/// A sheet of prompts as it lies on disk, with what the query of `POST /v1/batches` says about it.
public struct BatchFile: Sendable {
    /// The formats that the server reads.
    public enum Format: String, Sendable, CaseIterable {
        case csv
        case jsonl
        case json

        /// The format of a file by its name's ending; nil when it is none of ours.
        public init?(path: String) {
            guard let ending = path.split(separator: ".").last.map({ $0.lowercased() }) else { return nil }
            switch ending {
            case "csv": self = .csv
            case "jsonl", "ndjson": self = .jsonl
            case "json": self = .json
            default: return nil
            }
        }

        var contentType: String {
            switch self {
            case .csv: "text/csv"
            case .jsonl: "application/jsonl"
            case .json: "application/json"
            }
        }
    }

    /// How the bytes are to be read.
    public var format: Format
    /// The file.
    public var bytes: [UInt8]
    /// The idempotency key; nil only when a JSON body carries it.
    public var requestID: String?
    /// The catalogue's model id; nil only when a JSON body carries it.
    public var model: String?
    /// A name for people.
    public var name: String?
    /// The label of the project that it counts for; a JSON body may carry it.
    public var project: String?

    /// A file from its members, in the order of the fields.
    public init(
        format: Format, bytes: [UInt8], requestID: String? = nil, model: String? = nil, name: String? = nil,
        project: String? = nil
    ) {
        self.format = format
        self.bytes = bytes
        self.requestID = requestID
        self.model = model
        self.name = name
        self.project = project
    }

    /// A `request_id` that depends only on content, format, model, name and project: the same file submitted twice is
    /// one batch.
    public var derivedRequestID: String {
        var hash = SHA256()
        for part in [format.rawValue, model ?? "", name ?? ""] + (project.map { [$0] } ?? []) {
            hash.update(data: Array(part.utf8) + [0])
        }
        hash.update(data: bytes)
        return "file-" + hexadecimal(hash.finalize()).prefix(40)
    }
}

/// Bytes as lower-case hexadecimal digits.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef")
    return bytes.reduce(into: "") { text, byte in
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
}
