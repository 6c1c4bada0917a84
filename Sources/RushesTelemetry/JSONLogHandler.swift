package import Logging

/// Writes each log event as one line of JSON: time, level, logger, the static message, and the values as metadata.
package struct JSONLogHandler: LogHandler {
    /// Events below this level are dropped by `Logger`.
    package var logLevel: Logger.Level
    /// Values of every event of this logger.
    package var metadata: Logger.Metadata = [:]
    /// Values taken from the task in which the event happens.
    package var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let now: @Sendable () -> String
    private let write: @Sendable (String) -> Void

    /// A handler for one logger.
    ///
    /// - Parameters:
    ///   - now: The time as RFC 3339 text, from the same clock as everything else.
    ///   - write: Takes one line without its newline. Standard error in production, a list in tests.
    package init(
        label: String,
        level: Logger.Level = .info,
        metadataProvider: Logger.MetadataProvider? = nil,
        now: @escaping @Sendable () -> String,
        write: @escaping @Sendable (String) -> Void = StandardErrorLines.shared.write
    ) {
        self.label = label
        self.logLevel = level
        self.metadataProvider = metadataProvider
        self.now = now
        self.write = write
    }

    /// Writes the event.
    package func log(event: LogEvent) {
        var values = metadata
        if let provided = metadataProvider?.get() { values.merge(provided) { _, new in new } }
        if let given = event.metadata { values.merge(given) { _, new in new } }

        var line = JSONText()
        line.append("{")
        line.appendMember("time", now())
        line.append(",")
        line.appendMember("level", event.level.rawValue)
        line.append(",")
        line.appendMember("logger", label)
        line.append(",")
        line.appendMember("message", LogRedaction.redacted(event.message.description))
        if let error = event.error {
            line.append(",")
            line.appendMember("error", LogRedaction.redacted(String(describing: error)))
        }
        if !values.isEmpty {
            line.append(",\"metadata\":")
            line.append(values)
        }
        line.append("}")
        write(line.text)
    }

    /// One value of every event of this logger.
    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
}

extension JSONText {
    /// Appends metadata with sorted keys, so that equal events are equal lines; secrets do not leave the process.
    fileprivate mutating func append(_ metadata: Logger.Metadata) {
        append("{")
        for (index, (key, value)) in metadata.sorted(by: { $0.key < $1.key }).enumerated() {
            if index > 0 { append(",") }
            appendString(key)
            append(":")
            if LogRedaction.isSecret(key: key) {
                appendString(LogRedaction.replacement)
            } else {
                append(value)
            }
        }
        append("}")
    }

    private mutating func append(_ value: Logger.Metadata.Value) {
        switch value {
        case .string(let text):
            appendString(LogRedaction.redacted(text))
        case .stringConvertible(let number as any BinaryInteger):
            append(String(describing: number))
        case .stringConvertible(let flag as Bool):
            append(flag ? "true" : "false")
        case .stringConvertible(let value):
            appendString(LogRedaction.redacted(value.description))
        case .dictionary(let members):
            append(members)
        case .array(let elements):
            append("[")
            for (index, element) in elements.enumerated() {
                if index > 0 { append(",") }
                append(element)
            }
            append("]")
        }
    }
}
