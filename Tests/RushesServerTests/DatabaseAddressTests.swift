import Testing

@testable import RushesServer

/// An address is printed without its password, and handed to programs in two halves.
@Suite struct DatabaseAddressTests {
    @Test(
        "host and name are shown, the password never",
        arguments: [
            ("postgres://rushes:s3cret@db.example:5433/main", "db.example:5433/main"),
            ("postgresql://rushes@db.example/main?password=s3cret&sslmode=require", "db.example/main"),
            ("postgres://a,b:5433/main?target_session_attrs=read-write&password=s3cret", "a,b:5433/main"),
            ("postgres://rushes:s3cret@[::1]:5432/main", "[::1]:5432/main"),
            ("postgres://%2Fvar%2Frun/main?password=s3cret", "/var/run/main"),
            ("postgres:///main?host=/tmp&password=s3cret", "/tmp/main"),
            ("postgres:///main", "local socket/main"),
            ("postgres://db", "db/"),
        ])
    func shown(_ text: String, _ shown: String) throws {
        let address = try DatabaseAddress(text)
        #expect(address.shown == shown && "\(address)" == shown)
        #expect(address.reveal() == text)
        #expect(!String(reflecting: address).contains("s3cret") && !address.withoutPassword.contains("s3cret"))
        #expect(address.revealPassword() == (text.contains("s3cret") ? "s3cret" : nil))
    }

    @Test("the halves make the whole")
    func halves() throws {
        let address = try DatabaseAddress("postgres://us%40er:p%25w%2F%3A@db:5433/ma%20in?sslmode=require")
        #expect(address.withoutPassword == "postgres://us%40er@db:5433/ma%20in?sslmode=require")
        #expect(address.revealPassword() == "p%w/:" && address.name == "ma in")
    }

    @Test("another database of the same server is reached with the same password")
    func other() throws {
        for text in ["postgres://u:p%25w%3D%26x@db/main", "postgres://u@db/main?password=p%25w%3D%26x&sslmode=require"]
        {
            let other = try DatabaseAddress(text).database(named: "scratch_1")
            #expect(other.name == "scratch_1" && other.shown == "db/scratch_1")
            #expect(other.revealPassword() == "p%w=&x")
            #expect(other.withoutPassword.hasPrefix("postgres://u@db/scratch%5F1") || other.name == "scratch_1")
            #expect(other.withoutPassword.contains("sslmode=require") == text.contains("sslmode=require"))
        }
    }

    @Test(
        "what is no address is refused without repeating it",
        arguments: [
            "", "main", "mysql://u:s3cret@db/main", "postgres:/db/s3cret", "host=db password=s3cret",
            "postgres://db/a/s3cret",
        ])
    func malformed(_ text: String) {
        let error = #expect(throws: InvalidSetting.self) { try DatabaseAddress(text) }
        #expect(error?.name == "RUSHES_DATABASE_URL" && error?.description.contains("s3cret") == false)
    }
}
