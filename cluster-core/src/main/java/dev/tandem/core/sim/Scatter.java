package dev.tandem.core.sim;

import java.util.SplittableRandom;

/** Draws the factors of jitter. */
final class Scatter {

    private final SplittableRandom random;
    private final double sigma;

    Scatter(SplittableRandom random, double sigma) {
        this.random = random;
        this.sigma = sigma;
    }

    /** The exponential of a normal variable whose mean makes the factor's mean 1. */
    double factor() {
        return sigma == 0 ? 1 : Math.exp(sigma * random.nextGaussian() - sigma * sigma / 2);
    }
}
