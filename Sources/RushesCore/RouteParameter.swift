/// What a route sends with each of its creates besides what the task asks for: one value of a named parameter.
package enum RouteParameter: Sendable, Equatable {
    case string(String)
    case integer(Int64)
    case boolean(Bool)
}

extension RouteParameter: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else {
            self = .string(try container.decode(String.self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .string(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .boolean(let value): try container.encode(value)
        }
    }
}

extension ProviderRoute {
    /// What is wrong with the parameters, a sentence each.
    var parameterDefects: [String] {
        var found: [String] = []
        if parameters.count > Limits.routeParametersMax {
            found.append("route \(lane): at most \(Limits.routeParametersMax) parameters")
        }
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
            if let defect = Self.defect(of: name) ?? value.defect {
                found.append("route \(lane), parameter \(name.prefix(64)): \(defect)")
            }
        }
        return found
    }

    private static func defect(of name: String) -> String? {
        let isWord =
            (1...64).contains(name.utf8.count) && name.first?.isLetter == true
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                    true
                default: false  // every other byte
                }
            }
        if !isWord { return "a name has 1 to 64 letters, digits and underscores, and begins with a letter" }
        return ownNames.contains(plain(name)) ? "Rushes sets it itself" : nil
    }

    /// Google's services take `durationSeconds` and `duration_seconds` alike.
    private static func plain(_ name: String) -> String { name.lowercased().filter { $0 != "_" } }

    /// What adapters set in any dialect: what the task asks for, how many videos are made, where they go, and what
    /// attempts are found by. Without underscores and capitals.
    private static let ownNames: Set<String> = [
        "prompt", "model", "seconds", "size", "duration", "durationseconds", "aspectratio", "resolution", "n",
        "samplecount", "numberofvideos", "storageuri", "outputgcsuri", "labels", "metadata", "instances", "parameters",
        "input", "inputreference", "image", "video", "lastframe", "referenceimages", "remixvideoid", "background",
        "stream", "responseformat", "responsemodalities", "generationconfig", "webhook", "webhookurl", "callbackurl",
    ]
}

extension RouteParameter {
    fileprivate var defect: String? {
        switch self {
        case .string(let text):
            let isRight = text.unicodeScalars.count <= Limits.routeParameterCharactersMax && !text.hasControlCharacters
            return isRight
                ? nil : "a string has at most \(Limits.routeParameterCharactersMax) characters, no control characters"
        case .integer(let number):
            // What a reader of JSON that knows only floating point still reads as it is.
            return number.magnitude < 1 << 53 ? nil : "an integer is within 53 bits"
        case .boolean: return nil
        }
    }
}
