import RushesDatabase
import Synchronization

/// Queries that wait for a connection: one turn of a reader answers them all, since to wake it costs more than to ask.
final class WaitingQueries: Sendable {
    /// The rows of an answer, or why there are none.
    typealias Answer = Result<[SQLRow], any Error>

    private struct Waiting: Sendable {
        let question: SQLQuestion
        let answer: @Sendable (Answer) -> Void
    }

    private struct State {
        var waiting: [Waiting] = []
        var hasReader = false
    }

    private let state = Mutex(State())

    /// Adds a query; true when nobody is about to take it, so that the caller must send a reader.
    func append(_ question: SQLQuestion, answer: @escaping @Sendable (Answer) -> Void) -> Bool {
        state.withLock { state in
            state.waiting.append(Waiting(question: question, answer: answer))
            defer { state.hasReader = true }
            return !state.hasReader
        }
    }

    /// Answers what waits, and what comes meanwhile, each question in a snapshot of its own: an answer knows every
    /// commit before its query. Equal ones that wait together are asked once.
    func answerAll(_ ask: (SQLQuestion) -> Answer) {
        while true {
            let queries = state.withLock { state in
                if state.waiting.isEmpty { state.hasReader = false }
                defer { state.waiting = [] }
                return state.waiting
            }
            if queries.isEmpty { return }
            var answers: [SQLQuestion: Answer] = [:]
            for query in queries {
                let answer = answers[query.question] ?? ask(query.question)
                if queries.count > 1 { answers[query.question] = answer }
                query.answer(answer)
            }
        }
    }
}
