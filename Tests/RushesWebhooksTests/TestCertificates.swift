import Foundation
import NIOSSL

/// A root of trust and certificates of `receiver.example`, made anew for each run.
final class TestCertificates: Sendable {
    private let files: TemporaryFolder
    private var folder: String { files.path }

    /// The certificates of this run; nil when there is no openssl.
    static let current = try? TestCertificates()

    private init() throws {
        files = try TemporaryFolder()
        let key = "-pkeyopt ec_paramgen_curve:prime256v1 -nodes -newkey ec"
        let sign = "openssl x509 -req -in leaf.csr -CA root.pem -CAkey root.key -CAcreateserial -copy_extensions copy"
        _ = try Shell.output(
            """
            openssl req -x509 \(key) -keyout root.key -out root.pem -days 2 -subj '/CN=Rushes test root'
            openssl req \(key) -keyout leaf.key -out leaf.csr -subj '/CN=receiver.example' \
            -addext 'subjectAltName=DNS:receiver.example'
            \(sign) -days 1 -out valid.pem
            \(sign) -days -1 -out expired.pem
            """, in: files.path)
    }

    /// The root that tests trust.
    func roots() throws -> [NIOSSLCertificate] { try NIOSSLCertificate.fromPEMFile(folder + "/root.pem") }

    /// A server that shows a certificate.
    func server(isExpired: Bool = false, _ change: (inout TLSConfiguration) -> Void = { _ in }) throws -> NIOSSLContext
    {
        let path = folder + (isExpired ? "/expired.pem" : "/valid.pem")
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(path).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: folder + "/leaf.key", format: .pem)))
        change(&configuration)
        return try NIOSSLContext(configuration: configuration)
    }
}
