package dev.tandem.deploy.load.scenario;

/** How queries arrive; each is of one sample, but for the offline one. */
public enum Scenario {
    /** The next query leaves when the one before is answered; what counts is the latency. */
    SINGLE_STREAM("single-stream", "SingleStream", 90),
    /** Queries arrive as from many independent users; what counts is the rate at which latencies stay within a bound. */
    SERVER("server", "Server", 99),
    /** One query holds all samples; what counts is the rate. */
    OFFLINE("offline", "Offline", 90);

    private final String option;
    private final String title;
    private final double usualPercentile;

    Scenario(String option, String title, double usualPercentile) {
        this.option = option;
        this.title = title;
        this.usualPercentile = usualPercentile;
    }

    /** As MLPerf writes it. */
    public String title() {
        return title;
    }

    /** The percentile of latencies that MLPerf asks for; the offline scenario has no use for one. */
    public double usualPercentile() {
        return usualPercentile;
    }

    /** As users write it on the command line. */
    @Override
    public String toString() {
        return option;
    }
}
