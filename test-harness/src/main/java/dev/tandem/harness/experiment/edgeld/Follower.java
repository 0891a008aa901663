package dev.tandem.harness.experiment.edgeld;

/**
 * A machine that computes parts of blocks for the leader.
 *
 * @param rate how many times faster than the leader
 * @param bytesPerSecond of its own link to the leader, each way
 */
record Follower(double rate, double bytesPerSecond) {}
