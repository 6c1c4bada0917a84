import Testing

/// The built binary over real HTTP. One test at a time: they share two processors with the videos that are rendered.
@Suite(.serialized) struct EndToEnd {}
