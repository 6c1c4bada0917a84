/// Checks, byte by byte as they arrive, that a stream has the structure of a playable MP4 (ISO/IEC 14496-12, 4.2).
///
/// It follows the boxes on the top level and inside `moov`: an error page, a cut download and a file overwritten in
/// its structure are found; whether the pictures inside can be decoded is not looked at.
package struct MP4Inspector: Sendable {
    private let announcedBytes: Int64?
    private var position: Int64 = 0
    private var header: [UInt8] = []
    private var bodyBytesLeft: Int64 = 0
    private var lastsToTheEnd = false
    private var moovEnd: Int64?
    private var found: Set<String> = []

    /// The first defect, as soon as it is seen; the rest of the stream need not be read then.
    package private(set) var defect: MP4Defect?

    /// An inspector of a stream whose length was announced, or not.
    package init(announcedBytes: Int64? = nil) {
        self.announcedBytes = announcedBytes
        header.reserveCapacity(Self.largeHeaderBytes)
    }

    /// Takes the next bytes of the stream.
    package mutating func consume(_ bytes: [UInt8]) {
        var index = 0
        while index < bytes.count, defect == nil {
            if lastsToTheEnd || bodyBytesLeft > 0 {
                index += skip(upTo: bytes.count - index)
            } else {
                header.append(bytes[index])
                index += 1
                position += 1
                if header.count == headerBytesWanted { beginBox() }
            }
        }
    }

    /// Checks that the stream may end here.
    ///
    /// - Throws: the first defect.
    package func finish() throws(MP4Defect) {
        if let defect { throw defect }
        if let announcedBytes, position != announcedBytes {
            throw .length(announced: announcedBytes, received: position)
        }
        guard header.isEmpty, bodyBytesLeft == 0, position >= moovEnd ?? 0 else { throw .endsInsideABox }
        for box in Self.required where !found.contains(box) { throw .missing(box) }
    }
}

extension MP4Inspector {
    private static let smallHeaderBytes = 8
    private static let largeHeaderBytes = 16
    /// `ftyp` holds two numbers and a short list of brands.
    private static let fileTypeBytes: ClosedRange<Int64> = 16...4_096
    private static let required = ["ftyp", "moov", "mdat", "moov/mvhd", "moov/trak"]

    /// Size 1 says that the true size follows in 64 bits.
    private var headerBytesWanted: Int {
        guard header.count >= 4 else { return Self.smallHeaderBytes }
        return number(in: 0..<4) == 1 ? Self.largeHeaderBytes : Self.smallHeaderBytes
    }

    private mutating func skip(upTo count: Int) -> Int {
        let skipped = lastsToTheEnd ? count : Int(min(Int64(count), bodyBytesLeft))
        if !lastsToTheEnd { bodyBytesLeft -= Int64(skipped) }
        position += Int64(skipped)
        return skipped
    }

    private mutating func beginBox() {
        defer { header.removeAll(keepingCapacity: true) }
        let start = position - Int64(header.count)
        if let moovEnd, start >= moovEnd { self.moovEnd = nil }
        let type = String(decoding: header[4..<8], as: UTF8.self)
        guard start > 0 || type == "ftyp" else { return fail(.noFileType) }
        guard header[4..<8].allSatisfy({ (0x20...0x7E).contains($0) }) else { return fail(.boxType(at: start)) }
        let size = header.count == Self.smallHeaderBytes ? number(in: 0..<4) : number(in: 8..<16)
        guard size != 0 || header.count == Self.largeHeaderBytes else { return beginLastBox(type, at: start) }
        guard let length = Int64(exactly: size), length >= Int64(header.count), length <= Int64.max - start,
            type != "ftyp" || Self.fileTypeBytes.contains(length)
        else { return fail(.boxSize(type, at: start)) }
        begin(type, at: start, end: start + length)
    }

    private mutating func begin(_ type: String, at start: Int64, end: Int64) {
        guard end <= moovEnd ?? announcedBytes ?? .max else { return fail(.boxSize(type, at: start)) }
        guard moovEnd == nil, type == "moov" else {
            note(moovEnd == nil ? type : "moov/" + type)
            bodyBytesLeft = end - position
            return
        }
        guard !found.contains(type) else { return fail(.boxType(at: start)) }
        note(type)
        moovEnd = end
    }

    private mutating func note(_ box: String) {
        if Self.required.contains(box) { found.insert(box) }
    }

    /// Size 0 says that the box lasts to the end of the file: right for `mdat` alone, since `moov` is looked into.
    private mutating func beginLastBox(_ type: String, at start: Int64) {
        guard moovEnd == nil, type == "mdat" else { return fail(.boxSize(type, at: start)) }
        note(type)
        lastsToTheEnd = true
    }

    private func number(in range: Range<Int>) -> UInt64 {
        header[range].reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func fail(_ defect: MP4Defect) {
        self.defect = defect
    }
}

/// Why a stream is no playable MP4.
package enum MP4Defect: Error, Hashable, Sendable, CustomStringConvertible {
    /// The first box is not `ftyp`: this is another kind of file.
    case noFileType
    /// A box's name has bytes that no name has, or comes a second time although it may not.
    case boxType(at: Int64)
    /// A box is shorter than its own header, or longer than what contains it.
    case boxSize(String, at: Int64)
    /// The stream stops in the middle of a box.
    case endsInsideABox
    /// A box that every playable file has is not there.
    case missing(String)
    /// More or fewer bytes came than were announced.
    case length(announced: Int64, received: Int64)

    package var description: String {
        switch self {
        case .noFileType: "the file does not begin as an MP4"
        case .boxType(let position): "the MP4 box at byte \(position) has no valid name"
        case .boxSize(let type, let position): "the MP4 box \(type) at byte \(position) has an impossible size"
        case .endsInsideABox: "the MP4 ends in the middle of a box"
        case .missing(let box): "the MP4 has no \(box) box"
        case .length(let announced, let received): "\(announced) bytes were announced and \(received) came"
        }
    }
}
