package dev.tandem.config;

import java.time.Duration;
import java.util.List;

/**
 * Where requests enter and leave.
 *
 * @param maxInFlight requests being worked on at the same time
 * @param queueCapacity requests that may wait; further ones are refused
 * @param requestBytes for the inputs of requests from elsewhere in the cluster; further ones are refused
 * @param requestTimeout longest deadline granted to such a request
 * @param models that a process serves whose command names none, with different names
 */
public record GatewaySettings(
        int maxInFlight, int queueCapacity, long requestBytes, Duration requestTimeout, List<ModelSettings> models) {

    private static final int MAX_IN_FLIGHT = 4096;
    private static final int MAX_QUEUE = 1_000_000;
    private static final long MIN_REQUEST_BYTES = 1L << 20;
    private static final long MAX_REQUEST_BYTES = 16L << 30;
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(1);
    private static final Duration MAX_TIMEOUT = Duration.ofHours(1);

    public GatewaySettings {
        models = List.copyOf(models);
        Limits.check("maxInFlight", maxInFlight, 1, MAX_IN_FLIGHT);
        Limits.check("queueCapacity", queueCapacity, 0, MAX_QUEUE);
        Limits.check("requestBytes", requestBytes, MIN_REQUEST_BYTES, MAX_REQUEST_BYTES);
        Limits.check("requestTimeout", requestTimeout, MIN_TIMEOUT, MAX_TIMEOUT);
    }

    static GatewaySettings from(SectionReader reader) {
        return new GatewaySettings(
                reader.integer("max-in-flight", 1, MAX_IN_FLIGHT),
                reader.integer("queue-capacity", 0, MAX_QUEUE),
                reader.bytes("request-bytes", MIN_REQUEST_BYTES, MAX_REQUEST_BYTES),
                reader.duration("request-timeout", MIN_TIMEOUT, MAX_TIMEOUT),
                ModelSettings.list(reader, "models"));
    }
}
