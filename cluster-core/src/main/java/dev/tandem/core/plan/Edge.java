package dev.tandem.core.plan;

import dev.tandem.core.region.Region;

/**
 * The piece of one tensor that a producer sends to a consumer for every request.
 *
 * @param codec how it travels where the ends are not in one process
 */
public record Edge(String tensor, Endpoint producer, Endpoint consumer, Region region, Codec codec) {

    /** The same edge with another codec. */
    public Edge coded(Codec other) {
        return new Edge(tensor, producer, consumer, region, other);
    }
}
