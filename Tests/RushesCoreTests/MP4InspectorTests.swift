import RushesCore
import Testing

@Suite("The inspector of stored videos")
struct MP4InspectorTests {
    private static let ftyp = box("ftyp", Array("isom".utf8) + [0, 0, 2, 0] + Array("isomiso2mp41".utf8))
    private static let moov = box("moov", box("mvhd", [UInt8](repeating: 0, count: 100)) + box("trak", [1, 2, 3]))
    private static let mdat = box("mdat", [UInt8](repeating: 7, count: 5_000))
    private static let video = ftyp + mdat + moov

    @Test("a whole file passes, however it is cut into pieces", arguments: [1, 2, 7, 8, 9, 4_096, 1_000_000])
    func passes(piece: Int) throws {
        try inspect(Self.video, announced: Int64(Self.video.count), piece: piece)
        try inspect(Self.ftyp + Self.moov + Self.box("free", []) + Self.mdat, piece: piece)
    }

    @Test("a 64-bit size and a box that lasts to the end are read")
    func otherSizes() throws {
        try inspect(Self.ftyp + Self.moov + [0, 0, 0, 1] + Array("mdat".utf8) + [0, 0, 0, 0, 0, 0, 0, 20, 1, 2, 3, 4])
        try inspect(Self.ftyp + Self.moov + [0, 0, 0, 0] + Array("mdat".utf8) + [1, 2, 3])
    }

    @Test(
        "a defect is named",
        arguments: [
            ([], .missing("ftyp")),
            (Array(#"{"error":{"message":"expired"}}"#.utf8), .noFileType),
            (moov + ftyp + mdat, .noFileType),
            (ftyp + mdat, .missing("moov")),
            (ftyp + moov, .missing("mdat")),
            (ftyp + mdat + box("moov", box("mvhd", [])), .missing("moov/trak")),
            (ftyp + mdat + box("moov", []), .missing("moov/mvhd")),
            (ftyp + mdat + moov.dropLast(), .endsInsideABox),
            (ftyp + mdat + moov + [0, 0, 0], .endsInsideABox),
            (ftyp + [0, 0, 0, 7] + Array("mdat".utf8), .boxSize("mdat", at: 28)),
            (ftyp + [0, 0, 0, 1] + Array("mdat".utf8) + [0, 0, 0, 0, 0, 0, 0, 15], .boxSize("mdat", at: 28)),
            (ftyp + [0, 0, 0, 1] + Array("mdat".utf8) + [0xFF, 0, 0, 0, 0, 0, 0, 0], .boxSize("mdat", at: 28)),
            (
                ftyp + [0, 0, 0, 1] + Array("mdat".utf8) + [0x7F] + [UInt8](repeating: 0xFF, count: 7),
                .boxSize("mdat", at: 28)
            ),
            (ftyp + [0, 0, 0, 0] + Array("moov".utf8) + mdat, .boxSize("moov", at: 28)),
            (ftyp + [0, 0, 0, 8, 0, 1, 2, 3], .boxType(at: 28)),
            (ftyp + box("moov", [0, 0, 0, 99] + Array("trak".utf8)), .boxSize("trak", at: 36)),
            (ftyp + moov + moov, .boxType(at: Int64(28 + moov.count))),
            (box("ftyp", [1, 2]), .boxSize("ftyp", at: 0)),
        ] as [([UInt8], MP4Defect)])
    func defects(_ bytes: [UInt8], _ defect: MP4Defect) {
        for piece in [1, 5, 1_000_000] {
            #expect(throws: defect) { try inspect(bytes, piece: piece) }
        }
    }

    @Test("the length is the announced one")
    func length() {
        let count = Int64(Self.video.count)
        #expect(throws: MP4Defect.length(announced: count + 1, received: count)) {
            try inspect(Self.video, announced: count + 1)
        }
        #expect(throws: MP4Defect.boxSize("mdat", at: 28)) { try inspect(Self.video, announced: 100) }
    }

    @Test("a file cut anywhere does not pass")
    func cutAnywhere() {
        for count in 0..<Self.video.count where count % 13 == 0 || count > Self.video.count - 20 {
            #expect(throws: MP4Defect.self) {
                try inspect(Array(Self.video.prefix(count)), announced: Int64(Self.video.count), piece: 500)
            }
        }
    }

    private func inspect(_ bytes: [UInt8], announced: Int64? = nil, piece: Int = 1_000) throws(MP4Defect) {
        var inspector = MP4Inspector(announcedBytes: announced)
        for start in stride(from: 0, to: bytes.count, by: piece) {
            inspector.consume(Array(bytes[start..<min(start + piece, bytes.count)]))
        }
        try inspector.finish()
    }

    private static func box(_ type: String, _ body: [UInt8]) -> [UInt8] {
        let size = UInt32(body.count + 8)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) } + Array(type.utf8) + body
    }
}
