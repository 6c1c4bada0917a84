/// A worker died: what it had not committed never happened, what it had committed stays.
struct SimulatedCrash: Error {}
