import RushesDatabase

extension DatabaseError {
    /// An error from PostgreSQL's five-letter state; the kinds are those of appendix A of its manual.
    init(sqlState state: String, _ message: String) {
        self.init(Self.kind(state), "PostgreSQL \(state): \(message)")
    }

    private static func kind(_ state: String) -> Kind {
        switch state {
        case "40001", "40P01": return .serialization
        case "55P03": return .busy
        case "23505": return .uniqueViolation
        case "P0001": return .constraintViolation
        // A statement that took too long, a read-only server, no room, and a role without the right.
        case "57014", "25006", "42501": return .unavailable
        // The server is going down, has gone down, comes up, or has ended an idle transaction.
        case "57P01", "57P02", "57P03", "57P05", "25P03": return .connectionLost
        default: break
        }
        switch state.prefix(2) {
        case "23": return .constraintViolation
        case "08": return state == "08P01" ? .invalidStatement : .connectionLost
        case "53", "28", "3D": return .unavailable
        case "0A", "22", "25", "2B", "34", "42", "54": return .invalidStatement
        default: return .fatal
        }
    }
}
