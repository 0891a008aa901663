package dev.tandem.deploy.load;

/**
 * How requests went so far.
 *
 * @param requests answered
 * @param seconds since the first was sent
 * @param throughputPerSecond answers per second
 * @param p50Seconds latency that half of the answers did not exceed
 * @param p90Seconds latency that nine in ten did not exceed
 * @param p99Seconds latency that all but one in a hundred did not exceed
 * @param maxSeconds latency of the slowest
 */
public record LoadFigures(
        long requests,
        double seconds,
        double throughputPerSecond,
        double p50Seconds,
        double p90Seconds,
        double p99Seconds,
        double maxSeconds) {

    /** The same latencies with another rate. */
    LoadFigures withThroughput(double perSecond) {
        return new LoadFigures(requests, seconds, perSecond, p50Seconds, p90Seconds, p99Seconds, maxSeconds);
    }
}
