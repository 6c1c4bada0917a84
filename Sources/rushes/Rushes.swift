import ArgumentParser

@main struct Rushes: ParsableCommand {}
