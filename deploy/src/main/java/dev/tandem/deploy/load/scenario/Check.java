package dev.tandem.deploy.load.scenario;

/**
 * One of the conditions under which a result is valid.
 *
 * @param reason what was found and what was wanted, and what to do where the two differ
 */
public record Check(Condition condition, boolean isSatisfied, String reason) {

    /** What must hold, in the words of MLPerf's summary. */
    public enum Condition {
        /** The percentile of latencies keeps the bound; for the server scenario only. */
        PERFORMANCE("Performance constraints satisfied"),
        /** The run was long enough. */
        MIN_DURATION("Min duration satisfied"),
        /** There were enough queries. */
        MIN_QUERIES("Min queries satisfied"),
        /** So few queries were over the bound that the percentile holds with the confidence asked for. */
        EARLY_STOPPING("Early stopping satisfied");

        private final String title;

        Condition(String title) {
            this.title = title;
        }

        public String title() {
            return title;
        }
    }
}
