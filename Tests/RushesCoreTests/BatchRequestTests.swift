import RushesCore
import Testing

@Suite struct BatchRequestTests {
    private struct Parts {
        var model = "veo-pro"
        var name: String? = "n"
        var tasks = [
            TaskSpecification(customID: "a", prompt: "p", seconds: 8, size: "1280x720"),
            TaskSpecification(customID: "b", prompt: "q", seconds: 8, size: "1280x720"),
        ]
        var metadata = ["k": "v"]
        var maxConcurrency: Int? = 5
        var windowHours: Int? = 24

        var request: BatchRequest {
            BatchRequest(
                organization: id(1), requestID: "r", model: model, name: name, tasks: tasks, metadata: metadata,
                maxConcurrency: maxConcurrency, windowHours: windowHours)
        }
    }

    private func difference(_ change: (inout Parts) -> Void) -> String? {
        var other = Parts()
        change(&other)
        let forward = Parts().request.firstDifference(from: other.request)
        #expect(other.request.firstDifference(from: Parts().request) == forward)
        return forward
    }

    @Test func theFirstDifferingMemberIsNamed() {
        #expect(difference { _ in } == nil)
        #expect(difference { $0.model = "sora-2" } == "/model")
        #expect(difference { $0.name = nil } == "/name")
        #expect(
            difference {
                $0.tasks[1] = TaskSpecification(customID: "c", prompt: "x", seconds: 8, size: "1280x720")
            } == "/tasks/1/custom_id")
        #expect(
            difference {
                $0.tasks[1] = TaskSpecification(customID: "b", prompt: "x", seconds: 4, size: "1280x720")
            } == "/tasks/1/prompt")
        #expect(
            difference { $0.tasks[0] = TaskSpecification(customID: "a", prompt: "p", seconds: 4, size: "1280x720") }
                == "/tasks/0/seconds")
        #expect(
            difference { $0.tasks[0] = TaskSpecification(customID: "a", prompt: "p", seconds: 8, size: "720x1280") }
                == "/tasks/0/size")
        #expect(difference { $0.tasks.removeLast() } == "/tasks/1")
        #expect(difference { $0.metadata = [:] } == "/metadata")
        #expect(difference { $0.maxConcurrency = nil } == "/max_concurrency")
        #expect(difference { $0.windowHours = 25 } == "/window_hours")
        #expect(
            difference {
                $0.windowHours = 25
                $0.name = "m"
            } == "/name")
    }
}
