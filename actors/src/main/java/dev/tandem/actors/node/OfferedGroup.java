package dev.tandem.actors.node;

import dev.tandem.inference.runtime.CoreGroupSpec;

/**
 * A core group that a member offers.
 *
 * @param spec with the provider that computes
 * @param problem why that is not the one that the settings ask for, in a clause; empty when it is
 */
public record OfferedGroup(CoreGroupSpec spec, String problem) {

    /** One that is as the settings have it. */
    OfferedGroup(CoreGroupSpec spec) {
        this(spec, "");
    }

    /** The same with other threads. */
    public OfferedGroup withThreads(int threads) {
        return new OfferedGroup(spec.withThreads(threads), problem);
    }
}
