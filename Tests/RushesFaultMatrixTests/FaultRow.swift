import RushesCore
import Testing

/// A row of the matrix: one fault, and what becomes of a task whose call meets it.
struct FaultRow: Sendable {
    let fault: WireFault
    let submit: MatrixCell
    let poll: MatrixCell
    let content: MatrixCell

    init(_ fault: WireFault, submit: MatrixCell, poll: MatrixCell, content: MatrixCell) {
        self.fault = fault
        self.submit = submit
        self.poll = poll
        self.content = content
    }

    func cell(_ call: MatrixCall) -> MatrixCell {
        switch call {
        case .submit: submit
        case .poll: poll
        case .content: content
        }
    }
}

/// One cell: what is expected for each way in which the fault is met, or why there is nothing to expect.
enum MatrixCell: Sendable {
    case expects([Occurrence: Expectation])
    case pointless(String)

    /// The same however often the fault is met by a read.
    static func reads(once: Expectation, always: Expectation) -> MatrixCell {
        .expects([.once: once, .always: always])
    }
}

/// How a task ends, and how many creates of it the provider saw.
struct Expectation: Sendable {
    /// Why it failed; nil for a task that succeeded.
    let failure: FailureType?
    let creates: ClosedRange<Int>
    /// Seconds after the first create before which there was no second one.
    let pauseSeconds: Int64

    /// The video is delivered and charged.
    static func delivered(creates: Int, pauseSeconds: Int64 = 0) -> Expectation {
        Expectation(failure: nil, creates: creates...creates, pauseSeconds: pauseSeconds)
    }

    /// As `delivered`, after as many creates as the provider's refusals cost.
    static func delivered(creates: ClosedRange<Int>, pauseSeconds: Int64) -> Expectation {
        Expectation(failure: nil, creates: creates, pauseSeconds: pauseSeconds)
    }

    /// The task fails and costs nothing.
    static func refunded(_ failure: FailureType, creates: Int = 1) -> Expectation {
        Expectation(failure: failure, creates: creates...creates, pauseSeconds: 0)
    }

    /// As `refunded`, after as many creates as there were occasions for.
    static func refunded(_ failure: FailureType, creates: ClosedRange<Int>) -> Expectation {
        Expectation(failure: failure, creates: creates, pauseSeconds: 0)
    }
}

/// One case that is run.
struct MatrixCase: Sendable, CustomTestStringConvertible {
    var form = MatrixForm.openAI
    let call: MatrixCall
    let fault: WireFault
    let occurrence: Occurrence
    let expectation: Expectation

    var testDescription: String { "\(form.rawValue), \(call.rawValue), \(fault.rawValue), \(occurrence.rawValue)" }
}
