package dev.tandem.deploy.load.scenario;

/**
 * Whether a run of few queries shows that a percentile of latencies holds. Were a share of {@code 1 - p} of all queries
 * over the bound, then the number over it among {@code n} would be binomial; a run shows that the share is smaller when so
 * few as it saw would be that improbable:
 *
 * <pre>
 *   P(at most t over the bound) = sum for x = 0..t of C(n, x) (1 - p)^x p^(n - x)  &lt;=  1 - c
 * </pre>
 *
 * which is the regularized incomplete beta function I<sub>p</sub>(n - t, t + 1) of the section "Early Stopping Criterion"
 * in MLPerf Inference's {@code inference_rules.adoc} (with its tolerance d = 0 and confidence c = 0.99). The number of
 * queries must be set before the run: who goes on until the criterion holds finds that it holds by chance.
 *
 * @param percentile above 0 and below 100
 * @param confidence c, above 0 and below 1
 */
public record EarlyStopping(double percentile, double confidence) {

    private static final double MLPERF_CONFIDENCE = 0.99;
    private static final double PERCENT = 100;

    public EarlyStopping {
        if (!(percentile > 0 && percentile < PERCENT)) {
            throw new IllegalArgumentException("percentile (" + percentile + ") must be above 0 and below 100.");
        }
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException("confidence (" + confidence + ") must be above 0 and below 1.");
        }
    }

    /** With the confidence that MLPerf asks for. */
    public static EarlyStopping of(double percentile) {
        return new EarlyStopping(percentile, MLPERF_CONFIDENCE);
    }

    /** Most queries over the bound with which that many show that the percentile holds; -1: too few for even none. */
    public int mostOver(int queries) {
        double share = 1 - percentile / PERCENT;
        double odds = Math.log(share) - Math.log1p(-share);
        // Terms as logarithms: the first ones of a long run are below the smallest double, and count as nothing.
        double term = queries * Math.log1p(-share);
        double atMost = Math.exp(term);
        int over = 0;
        while (atMost <= 1 - confidence && over < queries) {
            term += Math.log((double) (queries - over) / (over + 1)) + odds;
            atMost += Math.exp(term);
            over++;
        }
        return over - 1;
    }

    /** Fewest queries that still show it when one is over the bound, as an estimate of the percentile needs. */
    public int fewestQueries() {
        int queries = 1;
        while (mostOver(queries) < 1) {
            queries++;
        }
        return queries;
    }

    /** Queries that show it with so many over the bound, at least. */
    public int queriesFor(int over) {
        int low = over;
        int high = fewestQueries();
        while (mostOver(high) < over) {
            low = high;
            high = Math.multiplyExact(high, 2);
        }
        while (high - low > 1) {
            int middle = low + (high - low) / 2;
            if (mostOver(middle) < over) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }
}
