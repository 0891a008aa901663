package dev.tandem.actors.protocol;

import dev.tandem.core.cost.LayerTimes;

/**
 * Layer times with the rate of the core group that they were measured on; another group's times are in inverse
 * proportion to its rate.
 *
 * @param multiplyAddsPerSecond of the reference workload on that core group
 */
public record ReferenceProfile(LayerTimes times, double multiplyAddsPerSecond) {}
