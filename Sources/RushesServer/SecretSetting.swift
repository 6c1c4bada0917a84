import Configuration
import Foundation

extension ConfigReader {
    /// A secret that stands in a setting, or in the file that the setting with `File` behind its key names; nil when
    /// neither is given. Space and line ends around it are no part of it.
    ///
    /// - Parameter name: the setting's name in the environment, for what is told when it cannot be used.
    /// - Throws: `InvalidSetting` when both are given, or the file cannot be read or is empty.
    func secret(forKey key: String, name: String) throws(InvalidSetting) -> String? {
        let given = string(forKey: ConfigKey([key]), isSecret: true)
        guard let path = string(forKey: ConfigKey([key + "File"])) else {
            return given?.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        guard given == nil else { throw InvalidSetting(name: name + "_FILE", reason: "is given beside \(name)") }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw InvalidSetting(name: name + "_FILE", reason: "\(path) cannot be read")
        }
        let secret = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !secret.isEmpty else { throw InvalidSetting(name: name + "_FILE", reason: "\(path) is empty") }
        return secret
    }
}
