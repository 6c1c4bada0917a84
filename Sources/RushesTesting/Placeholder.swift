import RushesCore
import Testing
