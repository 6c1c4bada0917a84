import ArgumentParser

@main struct Simulate: ParsableCommand {}
