import RushesCore
import RushesEngine
import Synchronization
import Testing

@Suite struct ClockedIDsTests {
    @Test func newOnesCarryTheTimeAndTakeEachWordOnce() {
        let time = Timestamp(milliseconds: 1_469_918_176_385)
        let fetched = Mutex<UInt64>(0)
        let ids = ClockedIDs(now: { time }) {
            fetched.withLock { first in
                defer { first += 5 }
                return (0..<5).map { first + $0 }
            }
        }
        // Five words are two identifiers; the fifth is left out.
        for (high, low) in [(4, 3), (2, 1), (9, 8), (7, 6)] as [(UInt16, UInt64)] {
            #expect(ids.next(BatchIdentity.self) == BatchID(at: time, randomHigh: high, randomLow: low))
        }
        #expect(fetched.withLock { $0 } == 10)
    }
}
