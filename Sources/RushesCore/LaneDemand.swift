/// An organization that wants slots of a lane.
package struct LaneDemand: Sendable, Equatable {
    /// The organization.
    package let organization: OrganizationID
    /// Its part of the slots beside the others' parts.
    package let weight: Int
    /// Slots of the lane that it holds.
    package private(set) var inFlight: Int
    /// Slots that its own limit over all lanes still allows; nil without a limit.
    package private(set) var room: Int?
    /// When it was last given a slot of the lane.
    package let servedAt: Timestamp?
    /// Its batches that wait, as many as were looked at.
    package private(set) var batches: [BatchDemand]

    /// A demand from its parts.
    package init(
        organization: OrganizationID, weight: Int, inFlight: Int, room: Int?, servedAt: Timestamp?,
        batches: [BatchDemand] = []
    ) {
        self.organization = organization
        self.weight = weight
        self.inFlight = inFlight
        self.room = room
        self.servedAt = servedAt
        self.batches = batches
    }

    /// The same demand with other room.
    package func with(room: Int?) -> LaneDemand {
        var demand = self
        demand.room = room
        return demand
    }

    /// The same demand with its batches.
    package func with(batches: [BatchDemand]) -> LaneDemand {
        var demand = self
        demand.batches = batches
        return demand
    }

    /// The demand that is left after tasks were found for slots; of a batch that had fewer than it was given slots
    /// nothing more is ready.
    package func after(_ found: [BatchID: (slots: Int, tasks: Int)]) -> LaneDemand {
        var demand = self
        for index in batches.indices {
            guard let (slots, tasks) = found[batches[index].batch] else { continue }
            demand.batches[index].take(tasks)
            if tasks < slots { demand.batches[index].queued = 0 }
            demand.inFlight += tasks
            demand.room = demand.room.map { $0 - tasks }
        }
        return demand
    }

    /// The order in which organizations get their next slot: the fewest slots for their weight, then the longest
    /// unserved.
    package func goesBefore(_ other: LaneDemand) -> Bool {
        let (mine, theirs) = (inFlight * other.weight, other.inFlight * weight)
        if mine != theirs { return mine < theirs }
        let (served, otherServed) = (servedAt?.milliseconds ?? .min, other.servedAt?.milliseconds ?? .min)
        return (served, organization) < (otherServed, other.organization)
    }

    var wantsMore: Bool { (room ?? 1) > 0 && batches.contains { $0.wanted > 0 } }

    /// Gives one slot to the batch with the fewest running; answers which.
    mutating func takeSlot() -> BatchID {
        let waiting = batches.indices.filter { batches[$0].wanted > 0 }
        guard let next = waiting.min(by: { batches[$0].goesBefore(batches[$1]) }) else {
            preconditionFailure("a slot is given to whom wants it")
        }
        batches[next].take(1)
        inFlight += 1
        room = room.map { $0 - 1 }
        return batches[next].batch
    }
}

/// A batch that wants slots of a lane.
package struct BatchDemand: Sendable, Equatable {
    /// The batch.
    package let batch: BatchID
    /// Tasks that wait.
    package fileprivate(set) var queued: Int
    /// Tasks that run.
    package fileprivate(set) var running: Int
    /// The batch's own cap.
    package let maxConcurrency: Int?

    /// A demand from its parts.
    package init(batch: BatchID, queued: Int, running: Int, maxConcurrency: Int?) {
        self.batch = batch
        self.queued = queued
        self.running = running
        self.maxConcurrency = maxConcurrency
    }

    /// Tasks that could be dispatched now.
    fileprivate var wanted: Int {
        max(0, min(queued, (maxConcurrency ?? .max) - running))
    }

    fileprivate mutating func take(_ count: Int) {
        queued -= count
        running += count
    }

    fileprivate func goesBefore(_ other: BatchDemand) -> Bool {
        (running, batch) < (other.running, other.batch)
    }
}
