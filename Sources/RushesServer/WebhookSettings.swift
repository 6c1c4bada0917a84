import Configuration
import Foundation
import RushesCore
import RushesEngine

/// What an operator sets for the webhooks of customers.
package struct WebhookSettings: Sendable, Equatable {
    /// True in development: plain HTTP and private addresses are allowed.
    package var allowsPrivate = false
    /// Ports beside 443 and 8443.
    package var morePorts: [Int] = []
    /// Networks that are allowed although they are not public.
    package var allowedNetworks: [String] = []
    /// The address at which customers reach the installation; nil when nobody has said it.
    var publicURL: WebhookURL?
    /// The key of the secrets, and older ones that still open; nil takes the file in the data directory on SQLite.
    var key: String?

    /// The rule for addresses.
    var urlPolicy: WebhookURLPolicy {
        WebhookURLPolicy(
            allowsPrivate: allowsPrivate, ports: WebhookURLPolicy.defaultPorts.union(morePorts),
            allowedBlocks: allowedNetworks.compactMap { AddressBlock($0) },
            ownHosts: Set([publicURL?.host].compactMap { $0 }))
    }

    /// The settings as lines of `--print-config`.
    var printed: [String] {
        [
            "public_url: \(publicURL?.description ?? "not configured")",
            "webhooks_allow_private: \(allowsPrivate)",
            "webhooks_ports: \(urlPolicy.ports.sorted().map(String.init).joined(separator: ", "))",
            "webhooks_allow_networks: \(allowedNetworks.joined(separator: ", "))",
            "webhooks_key: \(key == nil ? "not configured" : "configured")",
        ]
    }
}

extension WebhookSettings {
    /// Reads `RUSHES_PUBLIC_URL`, `RUSHES_WEBHOOKS_ALLOW_PRIVATE`, `_PORTS`, `_ALLOW_NETWORKS`, and `_KEY` or
    /// `_KEY_FILE`.
    ///
    /// - Throws: `InvalidSetting`.
    static func read(_ reader: ConfigReader) throws(InvalidSetting) -> WebhookSettings {
        var settings = WebhookSettings()
        let allows = reader.string(forKey: "webhooksAllowPrivate", default: "off")
        guard allows == "on" || allows == "off" else {
            throw InvalidSetting(name: "RUSHES_WEBHOOKS_ALLOW_PRIVATE", reason: "on or off, not \(allows)")
        }
        settings.allowsPrivate = allows == "on"
        for part in parts("webhooksPorts", reader) {
            guard let port = Int(part), (1...65_535).contains(port) else {
                throw InvalidSetting(
                    name: "RUSHES_WEBHOOKS_PORTS", reason: "ports with commas between them, not \(part)")
            }
            settings.morePorts.append(port)
        }
        for part in parts("webhooksAllowNetworks", reader) {
            guard AddressBlock(part) != nil else {
                throw InvalidSetting(
                    name: "RUSHES_WEBHOOKS_ALLOW_NETWORKS", reason: "blocks as 10.0.0.0/8, not \(part)")
            }
            settings.allowedNetworks.append(part)
        }
        settings.publicURL = try publicURL(reader)
        settings.key = try reader.secret(forKey: "webhooksKey", name: "RUSHES_WEBHOOKS_KEY")
        return settings
    }

    private static func publicURL(_ reader: ConfigReader) throws(InvalidSetting) -> WebhookURL? {
        guard let text = reader.string(forKey: "publicUrl") else { return nil }
        do {
            return try WebhookURL(text, policy: WebhookURLPolicy(allowsPrivate: true))
        } catch {
            throw InvalidSetting(name: "RUSHES_PUBLIC_URL", reason: "\(error.reason), not \(text)")
        }
    }

    private static func parts(_ key: String, _ reader: ConfigReader) -> [String] {
        (reader.string(forKey: ConfigKey([key])) ?? "").split(separator: ",").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
    }
}
