import RushesWire

/// What the demo asks for: videos that succeed, and one for each common way to fail.
enum DemoSheet {
    /// The catalogue's model.
    static let model = "sora-2"
    /// Seconds from dispatch to `timed_out`: short, so that a timeout is seen within the demo.
    static let deadlineSeconds = 12
    /// What the sandbox's latencies are divided by.
    static let speed = 20.0

    /// The tasks, and the failure that each is expected to end with; nil for a success.
    static let rows: [(task: TaskInput, failure: String?)] = [
        row("sneaker-orbit", "White running shoe turning slowly on a concrete plinth, hard morning light"),
        row("sneaker-splash", "White running shoe landing in a shallow puddle, slow motion"),
        row("kettle-pour", "Matte black kettle pouring water over coffee, steam, close-up"),
        row("kettle-shelf", "Matte black kettle on an oak shelf, camera slides left to right"),
        row("lamp-desk", "Brass desk lamp switched on in a dark study"),
        row("lamp-night", "Brass desk lamp seen through a rainy window at night"),
        row("bag-market", "Canvas tote bag filled with oranges at a market stall"),
        row("watch-macro", "Steel watch, macro of the second hand [sim:429]"),
        row("chair-room", "Walnut lounge chair in an empty white room, curtains moving"),
        row("cup-glaze", "Ceramic cup, glaze running down the rim, extreme close-up"),
        row("cup-drone", "Ceramic cup seen from a drone [sim:fail]", failure: "provider_error"),
        row("watch-actor", "Steel watch worn by a famous actor [sim:moderation]", failure: "moderated"),
        row("lamp-mirrors", "Brass desk lamp in an endless hall of mirrors [sim:timeout]", failure: "timed_out"),
    ]

    /// Tasks that are expected to succeed.
    static var expectedSuccesses: Int { rows.count { $0.failure == nil } }

    /// The request of the batch.
    static func request(id: String) -> BatchInput {
        BatchInput(requestID: id, model: model, name: "Demo: product films", tasks: rows.map(\.task))
    }

    private static func row(
        _ customID: String, _ prompt: String, failure: String? = nil
    ) -> (task: TaskInput, failure: String?) {
        (TaskInput(customID: customID, prompt: prompt, seconds: 4, size: "1280x720"), failure)
    }
}
