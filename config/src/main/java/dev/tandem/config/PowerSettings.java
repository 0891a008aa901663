package dev.tandem.config;

/**
 * Electric power of a core group, its share of the board's included.
 *
 * @param idleWatts while it computes nothing
 * @param busyWatts while it computes, not less
 */
public record PowerSettings(double idleWatts, double busyWatts) {

    /** More than any machine draws. */
    public static final double MAX_WATTS = 100_000;

    public PowerSettings {
        Limits.check("idle power", idleWatts, MAX_WATTS);
        Limits.check("busy power", busyWatts, MAX_WATTS);
        if (busyWatts < idleWatts) {
            throw new IllegalArgumentException(
                    "busy power (" + busyWatts + " W) must be at least the idle power (" + idleWatts + " W).");
        }
    }

    /** Reads a section {@code power { idle = 2W, busy = 6W }}; both keys are required. */
    public static PowerSettings from(SectionReader reader) {
        reader.require("idle", "the power while it computes nothing, such as 2W");
        reader.require("busy", "the power while it computes, such as 6W");
        double idle = reader.watts("idle", MAX_WATTS);
        double busy = reader.watts("busy", MAX_WATTS);
        if (busy < idle && reader.has("idle") && reader.has("busy")) {
            reader.refuse("busy", "expected at least the idle power", "It includes the idle power.");
        }
        return new PowerSettings(Math.min(idle, busy), Math.max(idle, busy));
    }
}
