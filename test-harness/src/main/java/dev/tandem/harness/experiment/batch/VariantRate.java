package dev.tandem.harness.experiment.batch;

/**
 * How many images a node classifies by a variant, asked without a pause while the other nodes are asked, too, the way of
 * images and answers through the network included.
 *
 * @param round from 1
 */
public record VariantRate(String bed, int round, String node, String variant, double imagesPerSecond) {}
