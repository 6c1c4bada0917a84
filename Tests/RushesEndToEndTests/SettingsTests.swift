import Foundation
import Testing

/// What `rushes serve` makes of its settings, without starting anything.
@Suite struct SettingsTests {
    private func shown(
        _ arguments: [String], _ environment: [String: String] = [:]
    ) async throws -> RushesBinary.Outcome {
        try await RushesBinary.run(["serve", "--print-config"] + arguments, environment: environment)
    }

    @Test("the database's password is never printed, whichever way it is given", .timeLimit(.minutes(1)))
    func secrets() async throws {
        for url in [
            "postgres://rushes:pa%2Fss@db.example:5433/main?sslmode=require",
            "postgresql://rushes@db.example:5433/main?password=pa%2Fss&sslmode=require",
        ] {
            for (flags, environment) in [(["--database-url", url], [:]), ([], ["RUSHES_DATABASE_URL": url])] {
                let outcome = try await shown(flags + ["--role", "worker"], environment)
                #expect(outcome.status == 0)
                #expect(outcome.stdout.contains("database: postgres db.example:5433/main\n"))
                #expect(outcome.stdout.contains("role: worker\n"))
                #expect(!(outcome.stdout + outcome.stderr).contains("pa"), "\(outcome.stdout)")
            }
        }
    }

    @Test("flags win over the environment, and the delay follows role and database", .timeLimit(.minutes(1)))
    func precedence() async throws {
        let postgres = ["RUSHES_DATABASE_URL": "postgres://db/main"]
        for (arguments, environment, line) in [
            ([], [:], "shutdown_delay_seconds: 0"),
            (["--role", "api"], postgres, "shutdown_delay_seconds: 3"),
            (["--role", "worker"], postgres, "shutdown_delay_seconds: 0"),
            (["--shutdown-delay", "7"], ["RUSHES_SHUTDOWN_DELAY_SECONDS": "5"], "shutdown_delay_seconds: 7"),
            (["--blob-dir", "/srv/videos"], ["RUSHES_BLOB_DIR": "/elsewhere"], "blob_dir: /srv/videos"),
            (["--data-dir", "/srv/node"], [:], "blob_dir: /srv/node/blobs"),
            (
                ["--database-writers", "9"], postgres.merging(["RUSHES_DATABASE_WRITERS": "5"]) { $1 },
                "database_writers: 9"
            ),
            ([], postgres, "database_readers: 4"), ([], [:], "media: on"),
            ([], [:], "task_retention_days: never removed"),
            ([], ["RUSHES_TASK_RETENTION_DAYS": "30"], "task_retention_days: 30"),
            (["--media", "off"], ["RUSHES_MEDIA": "on"], "media: off"),
        ] as [([String], [String: String], String)] {
            let outcome = try await shown(arguments, environment)
            #expect(outcome.stdout.contains(line + "\n"), "\(arguments) \(environment): \(outcome.stdout)")
        }
    }

    @Test("an error names the setting, and no value of a secret", .timeLimit(.minutes(1)))
    func errors() async throws {
        let postgres = ["--database-url", "postgres://db/main"]
        for (arguments, text) in [
            (["--role", "worker"], "RUSHES_ROLE: on SQLite the only role is all"),
            (postgres + ["--role", "leader"], "RUSHES_ROLE: api, worker or all"),
            (["--database-url", "mysql://root:hunter2@db/main"], "RUSHES_DATABASE_URL: "),
            (["--database-writers", "4"], "RUSHES_DATABASE_WRITERS: is for PostgreSQL"),
            (postgres + ["--database-readers", "0"], "RUSHES_DATABASE_READERS: a whole number from 1 to 100"),
            (["--media", "maybe"], "RUSHES_MEDIA: on or off"),
            (["--shutdown-delay", "60"], "RUSHES_SHUTDOWN_DELAY_SECONDS: a whole number from 0 to 20"),
        ] {
            let outcome = try await shown(arguments)
            #expect(outcome.status == 1 && outcome.stderr.contains(text), "\(arguments): \(outcome.stderr)")
            #expect(!outcome.stderr.contains("hunter2"))
        }
    }

    @Test("accounts of every dialect, with their secrets in files, are shown without them", .timeLimit(.minutes(1)))
    func accounts() async throws {
        let folder = try TemporaryFolder()
        try Data("hunter2\n".utf8).write(to: URL(fileURLWithPath: folder.path + "/key"))
        let outcome = try await shown(
            [],
            [
                "RUSHES_ACCOUNTS": "my-omni, spare", "RUSHES_MY_OMNI_DIALECT": "interactions",
                "RUSHES_MY_OMNI_API_KEY_FILE": folder.path + "/key",
                "RUSHES_SPARE_BASE_URL": "https://gateway.example/v1",
                "RUSHES_SPARE_API_KEY": "hunter2", "RUSHES_VEO_DIALECT": "gemini", "RUSHES_VEO_API_KEY": "hunter2",
                "RUSHES_VEO_BASE_URL": "http://127.0.0.1:9100", "RUSHES_VEO_SANDBOX": "true",
            ])
        #expect(outcome.status == 0, "\(outcome.stderr)")
        for line in [
            "openai: not configured", "veo: gemini http://127.0.0.1:9100 (sandbox)",
            "my-omni: interactions https://generativelanguage.googleapis.com", "spare: https://gateway.example/v1",
            "embedded_sandbox: false",
        ] {
            #expect(outcome.stdout.contains(line + "\n"), "\(line) in \(outcome.stdout)")
        }
        #expect(!(outcome.stdout + outcome.stderr).contains("hunter2"))
    }

    @Test("an account that cannot be used names its setting and no secret", .timeLimit(.minutes(1)))
    func invalidAccounts() async throws {
        let folder = try TemporaryFolder()
        try Data(#"{"client_email":"a@b","private_key":"hunter2"}"#.utf8)
            .write(to: URL(fileURLWithPath: folder.path + "/key.json"))
        try Data("\n".utf8).write(to: URL(fileURLWithPath: folder.path + "/empty"))
        for (environment, text) in [
            (["RUSHES_OPENAI_API_KEY": "hunter2"], "RUSHES_OPENAI_BASE_URL: is missing"),
            (["RUSHES_OPENAI_BASE_URL": "https://a.example/v1"], "RUSHES_OPENAI_API_KEY: is missing"),
            (["RUSHES_OPENAI_DIALECT": "hunter"], "RUSHES_OPENAI_DIALECT: one of openai, gemini, vertex, interactions"),
            (["RUSHES_VEO_DIALECT": "gemini"], "RUSHES_VEO_API_KEY: or RUSHES_VEO_API_KEY_FILE is needed"),
            (["RUSHES_VEO_DIALECT": "vertex"], "RUSHES_VEO_CREDENTIALS_FILE: names the JSON key"),
            (
                ["RUSHES_VEO_DIALECT": "vertex", "RUSHES_VEO_CREDENTIALS_FILE": folder.path + "/key.json"],
                "RUSHES_VEO_CREDENTIALS_FILE: has no RSA key"
            ),
            (
                ["RUSHES_VEO_DIALECT": "gemini", "RUSHES_VEO_API_KEY_FILE": folder.path + "/none"],
                "RUSHES_VEO_API_KEY_FILE: \(folder.path)/none cannot be read"
            ),
            (
                [
                    "RUSHES_VEO_DIALECT": "gemini", "RUSHES_VEO_API_KEY": "hunter2",
                    "RUSHES_VEO_API_KEY_FILE": folder.path + "/key.json",
                ], "RUSHES_VEO_API_KEY_FILE: is given beside RUSHES_VEO_API_KEY"
            ),
            (
                ["RUSHES_VEO_DIALECT": "gemini", "RUSHES_VEO_API_KEY_FILE": folder.path + "/empty"],
                "RUSHES_VEO_API_KEY_FILE: \(folder.path)/empty is empty"
            ),
            (["RUSHES_WEBHOOKS_KEY_FILE": folder.path + "/empty"], "RUSHES_WEBHOOKS_KEY_FILE: "),
            (["RUSHES_PUBLIC_URL": "rushes.example.com"], "RUSHES_PUBLIC_URL: "),
            (["RUSHES_ACCOUNTS": "spare"], "RUSHES_ACCOUNTS: nothing is said about spare"),
            (["RUSHES_ACCOUNTS": "Spare One"], "RUSHES_ACCOUNTS: names of lower-case letters"),
            (["RUSHES_ACCOUNTS": "sandbox"], "RUSHES_ACCOUNTS: names of lower-case letters"),
        ] as [([String: String], String)] {
            let outcome = try await shown([], environment)
            #expect(outcome.status == 1 && outcome.stderr.contains(text), "\(environment): \(outcome.stderr)")
            #expect(!outcome.stderr.contains("hunter2"))
        }
    }

    @Test("a database that nobody answers for is one line and exit code 75", .timeLimit(.minutes(1)))
    func unreachable() async throws {
        let port = try freePort()
        let outcome = try await RushesBinary.run([
            "check", "--database-url", "postgres://rushes:hunter2@127.0.0.1:\(port)/main",
        ])
        #expect(outcome.status == 75 && outcome.stdout.isEmpty)
        #expect(outcome.stderr.hasPrefix("error: the database 127.0.0.1:\(port)/main cannot be reached"))
        #expect(outcome.stderr.split(separator: "\n").count == 1 && !outcome.stderr.contains("hunter2"))
    }
}
