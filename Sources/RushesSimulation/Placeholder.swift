import RushesCore
