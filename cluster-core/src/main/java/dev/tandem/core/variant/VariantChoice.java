package dev.tandem.core.variant;

import java.util.Locale;
import java.util.Optional;

/**
 * What a strategy answers a request with: shares that meet both requirements, or those that fall short the least.
 *
 * <p>The formulation is reconstructed from the abstract of Taufique et al., ASP-DAC 2024 (arXiv 2310.10157), not its
 * notation. Of M images place i takes w(i, a) by variant a, whole numbers with sum M, and is busy for sum over a of w(i, a) *
 * t(i, a), t being transfer and inference of an image. Shares meet a request if no place is busy for longer than M over the
 * required rate, and the mean accuracy over the images is at least the required one. Among those that do, the most accurate
 * are taken, and among these the soonest done.
 */
public sealed interface VariantChoice {

    /** The shares to use. */
    Shares shares();

    /** Both requirements hold. */
    record Met(Shares shares) implements VariantChoice {}

    /**
     * Not both can hold.
     *
     * @param shares those whose {@link Shares#violation} is the least
     * @param inTime the most accurate that keep the rate, if any do
     * @param accurate the soonest that keep the accuracy, if any do
     * @param reason which requirement cannot be kept, and what is missing
     */
    record Missed(Shares shares, Optional<Shares> inTime, Optional<Shares> accurate, String reason)
            implements VariantChoice {}

    /** Halvings of what the requirements are lowered to: finer than any batch can tell. */
    int HALVINGS = 40;

    /** The best that a strategy can make of a request for a batch of so many images. */
    static VariantChoice of(ShareSearch search, int images, ShareRequest request) {
        Optional<Shares> inTime = search.mostAccurate(request.deadlineNanos(images));
        if (inTime.isPresent() && inTime.get().meets(request)) {
            return new Met(inTime.get());
        }
        Optional<Shares> accurate = search.soonest(request.accuracySum(images));
        return new Missed(nearest(search, images, request), inTime, accurate, reason(request, inTime, accurate));
    }

    private static Shares nearest(ShareSearch search, int images, ShareRequest request) {
        double low = 0;
        double high = 1;
        for (int halving = 0; halving < HALVINGS; halving++) {
            double share = (low + high) / 2;
            ShareRequest relaxed = request.relaxed(share);
            if (search.has(relaxed.deadlineNanos(images), relaxed.accuracySum(images))) {
                low = share;
            } else {
                high = share;
            }
        }
        long accuracySum = low == 0 ? 0 : request.relaxed(low).accuracySum(images);
        return search.soonest(accuracySum).orElseThrow();
    }

    private static String reason(ShareRequest request, Optional<Shares> inTime, Optional<Shares> accurate) {
        String rate = number("%.2f", request.imagesPerSecond()) + " images per second";
        String accuracy = "accuracy " + number("%.4f", request.accuracy());
        if (accurate.isEmpty()) {
            return accuracy + " binds: it is above what this can have at any rate"
                    + inTime.map(shares -> "; at " + rate + " the most is " + accuracyOf(shares, request))
                            .orElse("; and " + rate + " cannot be had at any accuracy");
        }
        String most = "at " + accuracy + " the most is " + rateOf(accurate.get(), request);
        return inTime.map(shares -> rate + " and " + accuracy + " bind together: " + most + ", at this rate "
                        + accuracyOf(shares, request))
                .orElse(rate + " binds: it cannot be had at any accuracy; " + most);
    }

    private static String rateOf(Shares shares, ShareRequest request) {
        double missing = 1 - shares.imagesPerSecond() / request.imagesPerSecond();
        return number("%.2f", shares.imagesPerSecond()) + " images per second, "
                + number("%.1f %% less", 100 * missing);
    }

    private static String accuracyOf(Shares shares, ShareRequest request) {
        double missing = request.accuracy() - shares.accuracy();
        return number("%.4f", shares.accuracy()) + (missing > 0 ? number(", %.2f points less", 100 * missing) : "");
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
