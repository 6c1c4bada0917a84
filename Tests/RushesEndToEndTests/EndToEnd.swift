import Testing

/// The built binary over real HTTP. One test at a time: they share two processors with the videos that are rendered.
@Suite(.serialized) struct EndToEnd {}

/// Those that wait for most of their time, one at a time beside the others: they come last, when nothing else is left
/// to do.
@Suite(.serialized) struct EndToEndWaiting {}
