import RushesCore
import Testing

@Suite struct StoringTests {
    @Test func storingIsTriedThreeTimes() throws {
        var task = task(.storing)
        for tries in 1...2 {
            try task.storeLater(at: moment(60_000))
            try task.storeFailed(at: moment(1_000))
            #expect((task.state, task.tries, task.dueAt) == (.storing, tries, moment(1_000 + Int64(tries) * 1_000)))
        }
        try task.storeLater(at: moment(60_000))
        try task.storeFailed(at: moment(9_000))
        #expect((task.state, task.failure?.type, task.finishedAt) == (.failed, .storageError, moment(9_000)))
    }

    @Test func whatWasNotBegunIsNoTry() throws {
        var task = task(.storing) { $0.tries = 1 }
        try task.storeLater(at: moment(60_000))
        try task.storeNotStarted(at: moment(31_000))
        #expect((task.state, task.tries, task.dueAt) == (.storing, 1, moment(31_000)))
    }

    @Test func aProviderThatCannotBeAskedIsAskedAsLongAsTheGraceLasts() throws {
        var task = task(.storing)
        for second in stride(from: Int64(1), to: 650, by: 50) {
            try task.storeLater(at: moment(second * 1_000 + 60_000))
            try task.storeUnavailable(waitMilliseconds: nil, at: moment(second * 1_000))
            #expect((task.state, task.tries, task.dueAt) == (.storing, 0, moment(second * 1_000 + 3_000)))
        }
        try task.storeUnavailable(waitMilliseconds: 600_000, at: moment(600_000))
        #expect((task.state, task.dueAt) == (.storing, moment(620_000)))
        try task.storeUnavailable(waitMilliseconds: 100, at: moment(656_999))
        #expect((task.state, task.dueAt) == (.storing, moment(659_999)))
        try task.storeUnavailable(waitMilliseconds: nil, at: moment(657_000))
        #expect((task.state, task.failure?.type) == (.failed, .storageError))
    }

    @Test(arguments: ProviderFault.Class.allCases)
    func whatTheProviderSaysInsteadOfTheVideoDecides(class: ProviderFault.Class) throws {
        var task = task(.storing)
        try task.storeLater(at: moment(60_000))
        let fault = fault(`class`, retryAfter: 5_000)
        try task.storeRefused(fault, at: moment(1_000))
        if `class` == .moderated {
            #expect(task.state == .failed && task.failure == fault.failure && task.failure?.type == .moderated)
        } else if fault.isPassing {
            #expect((task.state, task.tries, task.dueAt) == (.storing, 0, moment(6_000)))
        } else {
            #expect((task.state, task.tries, task.dueAt) == (.storing, 1, moment(2_000)))
        }
    }

    @Test func storingEndsAMinuteAfterTheDeadline() throws {
        var task = task(.storing) { $0.tries = 1 }
        #expect(task.storingEndsAt == moment(660_000))
        try task.storeFailed(at: moment(658_999))
        #expect((task.state, task.dueAt) == (.storing, moment(659_999)))
        try task.storeFailed(at: moment(659_000))
        #expect((task.state, task.failure?.type) == (.failed, .storageError))
    }

    @Test(
        arguments: [
            (VideoTask.State.queued, FailureType.timedOut, AttemptEffect.none, 0),
            (.submitting, .timedOut, .abandoned, 15_000),
            (.running, .timedOut, .abandoned, 15_000), (.storing, .storageError, .none, 60_000),
        ] as [(VideoTask.State, FailureType, AttemptEffect, Int64)])
    func theSweeperEndsWhatIsOverdue(
        state: VideoTask.State, type: FailureType, effect: AttemptEffect, grace: Int64
    ) throws {
        var task = task(state)
        #expect(try task.overdue(at: moment(700_000)) == effect)
        #expect((task.state, task.failure?.type, task.finishedAt) == (.failed, type, moment(700_000)))
        #expect(VideoTask.overdueGraceMilliseconds(state) == grace)
    }
}
