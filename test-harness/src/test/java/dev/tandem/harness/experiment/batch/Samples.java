package dev.tandem.harness.experiment.batch;

import java.util.List;

/** Two variants on two nodes. */
final class Samples {

    static final List<DeclaredAccuracy> DECLARED =
            List.of(new DeclaredAccuracy("small", 1, 500, 250), new DeclaredAccuracy("large", 1, 500, 440));

    static final List<VariantRate> RATES = List.of(
            new VariantRate("bed", 1, "slow", "small", 90),
            new VariantRate("bed", 1, "fast", "small", 300),
            new VariantRate("bed", 1, "slow", "large", 11),
            new VariantRate("bed", 1, "fast", "large", 35));

    private Samples() {}
}
