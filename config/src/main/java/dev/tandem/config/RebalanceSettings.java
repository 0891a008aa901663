package dev.tandem.config;

import java.time.Duration;

/**
 * When a plan that serves is replaced by a better one.
 *
 * @param leastGain part that must be saved of what the objective counts
 * @param horizon within which the gain must pay for the move
 * @param coolDown from one plan of a model to the next
 * @param standby how the loss of a node is prepared for
 * @param record whether each look is written down
 */
public record RebalanceSettings(
        boolean enabled, double leastGain, Duration horizon, Duration coolDown, StandbyMode standby, boolean record) {

    private static final double MAX_GAIN = 0.9;
    private static final Duration MIN_HORIZON = Duration.ofSeconds(1);
    private static final Duration MAX_HORIZON = Duration.ofDays(1);
    private static final Duration MIN_COOL_DOWN = Duration.ofSeconds(1);
    private static final Duration MAX_COOL_DOWN = Duration.ofHours(1);

    public RebalanceSettings {
        Limits.check("leastGain", leastGain, MAX_GAIN);
        Limits.check("horizon", horizon, MIN_HORIZON, MAX_HORIZON);
        Limits.check("coolDown", coolDown, MIN_COOL_DOWN, MAX_COOL_DOWN);
    }

    static RebalanceSettings from(SectionReader reader) {
        return new RebalanceSettings(
                reader.flag("enabled"),
                reader.number("least-gain", gain -> gain >= 0 && gain <= MAX_GAIN, "a part from 0 to 0.9"),
                reader.duration("horizon", MIN_HORIZON, MAX_HORIZON),
                reader.duration("cool-down", MIN_COOL_DOWN, MAX_COOL_DOWN),
                reader.choice("standby", StandbyMode.class),
                reader.flag("record"));
    }
}
