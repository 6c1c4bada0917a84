/// Keeps secrets out of log lines: by the name of the metadata key, and by the look of a value.
enum LogRedaction {
    /// Stands where a secret stood.
    static let replacement = "[redacted]"

    private static let secretWords: Set<String> = [
        "apikey", "authorization", "bearer", "cookie", "credential", "credentials", "key", "passphrase", "password",
        "secret", "signature", "token",
    ]
    /// What comes directly before a secret in a value: our own keys, and authorization headers.
    private static let secretPrefixes = ["rsh_", "Bearer ", "bearer "]

    /// Whether the last word of a key names a secret: `api_key`, `apiKey` and `Set-Cookie` do, `key_id` and
    /// `token_count` do not.
    static func isSecret(key: String) -> Bool {
        var word = ""
        var previousIsLower = false
        for character in key {
            guard character.isLetter || character.isNumber else {
                word = ""
                previousIsLower = false
                continue
            }
            if character.isUppercase, previousIsLower { word = "" }
            word += character.lowercased()
            previousIsLower = character.isLowercase
        }
        return secretWords.contains(word)
    }

    /// The text with everything that looks like a key of ours or a bearer token replaced.
    static func redacted(_ text: String) -> String {
        var result = text
        for prefix in secretPrefixes where result.contains(prefix) {
            result = replacing(after: prefix, in: result)
        }
        return result
    }

    private static func replacing(after prefix: String, in text: String) -> String {
        var result = ""
        var rest = text[...]
        while let match = rest.firstRange(of: prefix) {
            result += rest[..<match.upperBound]
            rest = rest[match.upperBound...].drop { $0.isLetter || $0.isNumber || "-._~+/=".contains($0) }
            result += replacement
        }
        return result + rest
    }
}
