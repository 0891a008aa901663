package dev.tandem.config;

import java.time.Duration;

/**
 * Where requests enter and leave.
 *
 * @param maxInFlight requests being worked on at the same time
 * @param queueCapacity requests that may wait; further ones are refused
 */
public record GatewaySettings(int maxInFlight, int queueCapacity, Duration requestTimeout) {

    private static final int MAX_IN_FLIGHT = 4096;
    private static final int MAX_QUEUE = 1_000_000;
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(1);
    private static final Duration MAX_TIMEOUT = Duration.ofHours(1);

    public GatewaySettings {
        Limits.check("maxInFlight", maxInFlight, 1, MAX_IN_FLIGHT);
        Limits.check("queueCapacity", queueCapacity, 0, MAX_QUEUE);
        Limits.check("requestTimeout", requestTimeout, MIN_TIMEOUT, MAX_TIMEOUT);
    }

    static GatewaySettings from(SectionReader reader) {
        return new GatewaySettings(
                reader.integer("max-in-flight", 1, MAX_IN_FLIGHT),
                reader.integer("queue-capacity", 0, MAX_QUEUE),
                reader.duration("request-timeout", MIN_TIMEOUT, MAX_TIMEOUT));
    }
}
