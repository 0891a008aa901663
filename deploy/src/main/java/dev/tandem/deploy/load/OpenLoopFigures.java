package dev.tandem.deploy.load;

/**
 * How requests went that left at set times.
 *
 * @param load latencies from the time at which a request was meant to leave, those of late requests included; the
 *     throughput counts answers in time only
 * @param sent requests meant to leave in the measured time
 * @param refused of them, those refused at once for overload; they have no latency
 * @param late of them, those that got no answer before their deadline
 * @param largestSendDelaySeconds longest time by which a request left later than meant, which its latency includes
 */
public record OpenLoopFigures(LoadFigures load, long sent, long refused, long late, double largestSendDelaySeconds) {}
