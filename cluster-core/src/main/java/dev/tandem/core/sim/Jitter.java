package dev.tandem.core.sim;

/**
 * How much times scatter: each is multiplied by a log-normal factor of mean 1.
 *
 * @param computeSigma standard deviation of the logarithm of the factor of an inference call
 * @param transferSigma the same of the time that a piece keeps its link busy
 */
public record Jitter(double computeSigma, double transferSigma) {

    /** Every time is just as predicted. */
    public static final Jitter NONE = new Jitter(0, 0);

    public Jitter {
        if (!(computeSigma >= 0 && Double.isFinite(computeSigma))
                || !(transferSigma >= 0 && Double.isFinite(transferSigma))) {
            throw new IllegalArgumentException("computeSigma (" + computeSigma + ") and transferSigma (" + transferSigma
                    + ") must be finite and at least 0");
        }
    }
}
