/// The smallest file that passes as a playable MP4, with a job's name inside, so that videos differ.
package enum SimulatedVideo {
    /// The file of a job.
    package static func bytes(of job: String) -> [UInt8] {
        box("ftyp", Array("isom".utf8) + [0, 0, 2, 0] + Array("isomiso2".utf8))
            + box("moov", box("mvhd", Array(repeating: 0, count: 100)) + box("trak", Array(repeating: 0, count: 20)))
            + box("mdat", Array(job.utf8))
    }

    private static func box(_ type: String, _ content: [UInt8]) -> [UInt8] {
        let length = UInt32(content.count + 8)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> UInt32($0)) } + Array(type.utf8) + content
    }
}
