package dev.tandem.core.plan;

import dev.tandem.core.region.Region;

/** The piece of one tensor that a producer sends to a consumer for every request. */
public record Edge(String tensor, Endpoint producer, Endpoint consumer, Region region, Codec codec) {}
