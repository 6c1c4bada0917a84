/// A rendered video that any number of jobs share.
struct Clip: Hashable, Sendable {
    let prompt: String
    let seconds: Int
    let size: VideoSize
    /// The file name without its extension: letters, digits, `-` and `x` only, so it is safe in a filter graph.
    let name: String

    init(prompt: String, seconds: Int, size: VideoSize) {
        self.prompt = prompt
        self.seconds = seconds
        self.size = size
        name = "\(size.wireText)-\(seconds)s-\(Fingerprint.hex(prompt, length: 24))"
    }

    static func == (left: Clip, right: Clip) -> Bool { left.name == right.name }
    func hash(into hasher: inout Hasher) { hasher.combine(name) }

    /// What can be downloaded of a video.
    enum Rendition: String, CaseIterable, Sendable {
        case video, thumbnail, spritesheet

        var contentType: String {
            switch self {
            case .video: "video/mp4"
            case .thumbnail: "image/webp"
            case .spritesheet: "image/jpeg"
            }
        }

        var fileExtension: String {
            switch self {
            case .video: "mp4"
            case .thumbnail: "webp"
            case .spritesheet: "jpg"
            }
        }
    }
}

/// Chooses the clip of each job: its own while there is room, then the one of its prompt's bucket, so that ten
/// thousand prompts need no more than `clipsPerFormatMax` renders of each length and size.
struct ClipShelf: Sendable {
    private struct Format: Hashable {
        let seconds: Int
        let size: VideoSize
    }

    private var clipsByFormat: [Format: [Clip]] = [:]
    private var known: Set<Clip> = []

    mutating func clip(for job: VideoJob) -> Clip {
        let own = Clip(prompt: job.prompt, seconds: job.seconds, size: job.size)
        if known.contains(own) { return own }
        let clips = clipsByFormat[Format(seconds: job.seconds, size: job.size), default: []]
        if clips.count >= SandboxLimits.clipsPerFormatMax {
            return clips[Int(Fingerprint.number(job.prompt) % UInt64(clips.count))]
        }
        clipsByFormat[Format(seconds: job.seconds, size: job.size), default: []].append(own)
        known.insert(own)
        return own
    }
}
