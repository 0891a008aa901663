package dev.tandem.config;

import java.time.Duration;

/** How long putting a plan into force may take. */
public record SupervisorSettings(Duration rolloutTimeout, Duration drainTimeout) {

    private static final Duration MIN_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration MAX_TIMEOUT = Duration.ofHours(1);
    private static final Duration MAX_DRAIN = Duration.ofMinutes(10);

    public SupervisorSettings {
        Limits.check("rolloutTimeout", rolloutTimeout, MIN_TIMEOUT, MAX_TIMEOUT);
        Limits.check("drainTimeout", drainTimeout, Duration.ZERO, MAX_DRAIN);
    }

    static SupervisorSettings from(SectionReader reader) {
        return new SupervisorSettings(
                reader.duration("rollout-timeout", MIN_TIMEOUT, MAX_TIMEOUT),
                reader.duration("drain-timeout", Duration.ZERO, MAX_DRAIN));
    }
}
