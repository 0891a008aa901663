package dev.tandem.core.sim;

import dev.tandem.core.cost.ResourceKind;

/**
 * Something that does one thing at a time, and how busy it was.
 *
 * @param busySeconds of what it has begun
 * @param utilisation of it the share of the whole simulated time, warm-up and end included
 */
public record Resource(ResourceKind kind, String name, double busySeconds, double utilisation) {}
