extension BatchRequest {
    /// The bytes by which two requests under one key are compared: every member with its length before it.
    package var canonicalBytes: [UInt8] {
        var bytes: [UInt8] = []
        func add(_ text: String?) {
            guard let text else { return bytes.append(UInt8(ascii: "-")) }
            bytes.append(contentsOf: "\(text.utf8.count):".utf8)
            bytes.append(contentsOf: text.utf8)
        }
        add(model)
        add(name)
        add(maxConcurrency.map(String.init))
        add(windowHours.map(String.init))
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            add(key)
            add(value)
        }
        add("\(tasks.count)")
        for task in tasks {
            add(task.customID)
            add(task.prompt)
            add("\(task.seconds)")
            add(task.size)
        }
        // Last, and only where there is one: requests of before projects keep their bytes.
        if let project { add(project) }
        return bytes
    }
}
