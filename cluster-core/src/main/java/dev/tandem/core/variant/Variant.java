package dev.tandem.core.variant;

/**
 * A model for a task at one accuracy and cost.
 *
 * @param name distinct within its family
 * @param top1 share of images that it classifies correctly, with at most four decimals
 * @param source where the accuracy comes from
 * @param multiplyAdds of one image
 * @param inputBytes of one image as it travels to where it is classified
 */
public record Variant(String name, double top1, String source, long multiplyAdds, long inputBytes) {

    /** Accuracies are counted in these parts of 1, so that sums over a batch are exact. */
    public static final int UNITS = 10_000;

    private static final double ROUNDING = 1e-6;

    public Variant {
        if (!(top1 > 0 && top1 <= 1) || Math.abs(top1 * UNITS - Math.rint(top1 * UNITS)) > ROUNDING) {
            throw new IllegalArgumentException("accuracy (" + top1 + ") of variant " + name
                    + " must be above 0, at most 1 and have at most four decimals");
        }
        if (multiplyAdds < 1 || inputBytes < 1) {
            throw new IllegalArgumentException("multiply-adds (" + multiplyAdds + ") and input bytes (" + inputBytes
                    + ") of variant " + name + " must be at least 1");
        }
    }

    /** The accuracy in {@link #UNITS}. */
    public int accuracyUnits() {
        return (int) Math.rint(top1 * UNITS);
    }
}
