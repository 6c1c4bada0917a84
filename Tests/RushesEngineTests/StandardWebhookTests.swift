import RushesCore
import RushesEngine
import RushesSimulation
import Testing

@Suite struct StandardWebhookTests {
    // Golden vectors, computed with another implementation.
    private static let newer = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    private static let older = "whsec_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="
    private static let id = "msg_01JGJ0000000000000000000"
    private static let time = Timestamp(milliseconds: 1_767_323_045_999)
    private static let body = Array(
        #"{"type":"batch.completed","timestamp":"2026-01-02T03:04:05Z","data":{"id":"bat_01","status":"completed"}}"#
            .utf8)
    private static let byNewer = "v1,98VGzQn8IvLBfE7FTzanKm8fsOecFm7NrwTv1Pb+AUE="
    private static let byOlder = "v1,kVlab8Z+pGJBScxZJTQ5nXhO/WlF7Voyz9w6WFDvNlw="

    @Test func signsTheGoldenVectors() throws {
        let (newer, older) = (try #require(WebhookSecret(Self.newer)), try #require(WebhookSecret(Self.older)))
        let sign = { StandardWebhook.sign(id: Self.id, timestamp: Self.time, body: Self.body, secrets: $0) }
        #expect(sign([newer]) == Self.byNewer)
        #expect(sign([older]) == Self.byOlder)
        #expect(sign([newer, older]) == Self.byNewer + " " + Self.byOlder)
        #expect(sign([older, newer]) == Self.byOlder + " " + Self.byNewer)
    }

    @Test func whatIsSignedIsAuthenticToBothSecretsOfARotation() throws {
        let (newer, older) = (try #require(WebhookSecret(Self.newer)), try #require(WebhookSecret(Self.older)))
        for signatures in [Self.byNewer + " " + Self.byOlder, Self.byOlder + " " + Self.byNewer] {
            #expect(Self.webhook(signatures).isAuthentic(newer, at: Self.time))
            #expect(Self.webhook(signatures).isAuthentic(older, at: Self.time))
        }
        #expect(!Self.webhook(Self.byNewer).isAuthentic(older, at: Self.time))
    }

    @Test(arguments: [
        "", "v1,", "v1, v1,", "v1", ",", "v1,AA==", "v1,98VGzQn8IvLBfE7FTzanKm8fsOecFm7NrwTv1Pb+AQ==",
        "v1,98VGzQn8IvLBfE7FTzanKm8fsOecFm7NrwTv1Pb+AUEA", "v1,98VGzQn8IvLBfE7FTzanKm8fsOecFm7NrwTv1Pb+AUE",
        "v1a,98VGzQn8IvLBfE7FTzanKm8fsOecFm7NrwTv1Pb+AUE=", "V1,98VGzQn8IvLBfE7FTzanKm8fsOecFm7NrwTv1Pb+AUE=",
        "v1,f7c546cd09fc22f2c17c4ec54f36a72a6f1fb0e79c166ecdaf04efd4f6fe0141",
        "v1,98VGzQn8IvLBfE7FTzanKm8fsOecFm7NrwTv1Pb+AUE=,v1,kVlab8Z+pGJBScxZJTQ5nXhO/WlF7Voyz9w6WFDvNlw=",
    ]) func aSignatureThatIsShortLongOrOtherwiseWrittenIsRefused(_ signatures: String) throws {
        let secret = try #require(WebhookSecret(Self.newer))
        #expect(!Self.webhook(signatures).isAuthentic(secret, at: Self.time))
    }

    @Test func everyBitCounts() throws {
        let secret = try #require(WebhookSecret(Self.newer))
        for index in Self.body.indices {
            var body = Self.body
            body[index] ^= 1 << (index % 8)
            #expect(!Self.webhook(Self.byNewer, body: body).isAuthentic(secret, at: Self.time))
        }
    }

    @Test func aNewSecretHas32BytesAndReadsBack() throws {
        let random = SeededChance(seed: 65, clock: ManualClock())
        let secrets = (0..<100).map { _ in WebhookSecret(random) }
        #expect(Set(secrets.map(\.text)).count == 100)
        for secret in secrets {
            #expect(secret.text.utf8.count == "whsec_".utf8.count + 44)
            let signed = StandardWebhook.sign(id: Self.id, timestamp: Self.time, body: Self.body, secrets: [secret])
            let read = try #require(WebhookSecret(secret.text))
            #expect(Self.webhook(signed).isAuthentic(read, at: Self.time))
            #expect("\(secret)" == "***" && !String(reflecting: secret).contains(secret.text.suffix(44)))
        }
    }

    private static func webhook(_ signatures: String, body: [UInt8] = body) -> StandardWebhook {
        StandardWebhook(id: id, timestamp: String(time.seconds), signatures: signatures, body: body)
    }
}
