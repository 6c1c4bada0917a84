/// What a query asks. Equal questions that wait at the same moment have one answer, so that drivers ask them once.
package struct SQLQuestion: Hashable, Sendable {
    /// The query; its parameters `$1 ... $n` stand in order of first appearance.
    package let sql: String
    /// The parameters.
    package let values: [SQLValue]
}

/// A query with the reading of its rows, to be run by itself or among others.
package struct SingleQuery<Result: Sendable>: Sendable {
    /// What it asks.
    package let question: SQLQuestion
    /// What the rows mean.
    package let reading: @Sendable ([SQLRow]) throws(DatabaseError) -> Result

    /// A query from its parts.
    package init(
        _ sql: String, _ values: [SQLValue],
        reading: @escaping @Sendable ([SQLRow]) throws(DatabaseError) -> Result
    ) {
        question = SQLQuestion(sql: sql, values: values)
        self.reading = reading
    }
}

extension SQLReading {
    /// Runs a query in this transaction.
    ///
    /// - Throws: `DatabaseError`.
    package func read<Result: Sendable>(_ query: SingleQuery<Result>) throws(DatabaseError) -> Result {
        try query.reading(self.query(query.question.sql, query.question.values))
    }

    /// Runs queries that do not need each other's answers, in their order; a driver may send them together.
    ///
    /// - Throws: `DatabaseError`.
    package func read<each Result: Sendable>(
        _ query: repeat SingleQuery<each Result>
    ) throws(DatabaseError) -> (repeat each Result) {
        var questions: [SQLQuestion] = []
        repeat questions.append((each query).question)
        var answers = try queries(questions)[...]
        return (repeat try (each query).reading(answers.removeFirst()))
    }
}
