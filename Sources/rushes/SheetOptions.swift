import ArgumentParser
import Foundation
import RushesClient

/// The sheet of prompts that `submit` and `quote` take.
struct SheetOptions: ParsableArguments {
    @Argument(
        help: "A .csv, .jsonl or .json file; - reads stdin.", completion: .file(extensions: ["csv", "jsonl", "json"]))
    var file: String

    @Option(help: "The model, as `rushes models` lists it. A .json file may name it itself.")
    var model: String?

    @Option(help: "A name for people (default: the file's name).")
    var name: String?

    @Option(help: "The label of a project, whose budget it then counts for.")
    var project: String?

    @Option(
        help: "csv, jsonl or json (default: by the file's name).",
        transform: { text in
            guard let format = BatchFile.Format(rawValue: text) else {
                throw ValidationError("It is csv, jsonl or json.")
            }
            return format
        })
    var format: BatchFile.Format?

    @Option(
        name: .customLong("request-id"),
        help: "The idempotency key (default: made from the file's content, model and name).")
    var requestID: String?

    /// Reads the file and completes what was not given.
    func read() throws -> BatchFile {
        guard let format = format ?? BatchFile.Format(path: file) else {
            throw Complaint(message: "\(file): the name does not tell the format; give --format", status: .input)
        }
        var sheet = BatchFile(
            format: format, bytes: try content(), requestID: requestID, model: model, name: name, project: project)
        switch format {
        case .csv, .jsonl:
            guard model != nil else { throw ValidationError("Missing --model: a sheet of rows does not name it.") }
            if name == nil, file != "-" { sheet.name = stem }
            if requestID == nil { sheet.requestID = sheet.derivedRequestID }
        case .json:
            try completeJSON(&sheet)
        }
        return sheet
    }

    private var stem: String {
        URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
    }

    private func content() throws -> [UInt8] {
        do {
            if file == "-" { return [UInt8](try FileHandle.standardInput.readToEnd() ?? Data()) }
            return [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
        } catch CocoaError.fileReadNoSuchFile {
            throw Complaint(message: "\(file): no such file", status: .input)
        } catch {
            throw Complaint(message: "\(file): \(error.localizedDescription)", status: .input)
        }
    }

    /// A JSON request carries these members itself; what is missing in it is filled in, what is there stays.
    private func completeJSON(_ sheet: inout BatchFile) throws {
        defer { (sheet.requestID, sheet.model, sheet.name, sheet.project) = (nil, nil, nil, nil) }
        guard var object = (try? JSONSerialization.jsonObject(with: Data(sheet.bytes))) as? [String: Any] else {
            return  // The server says best what is wrong with it.
        }
        let key = sheet.derivedRequestID
        var isChanged = false
        for (member, value) in [
            ("request_id", requestID ?? key), ("model", model), ("name", name), ("project", project),
        ] {
            guard let value, object[member] == nil || member != "request_id" || requestID != nil else { continue }
            object[member] = value
            isChanged = true
        }
        guard isChanged else { return }
        sheet.bytes = [UInt8](try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys]))
    }
}
