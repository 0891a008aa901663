package dev.tandem.config;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Addresses, membership and the detection of lost peers.
 *
 * @param port 0: any free port
 * @param bindHost where to listen; {@code host} unless configured
 * @param tetherPort 0: any free port
 * @param tetherSilence at least two {@code tetherBeat}s
 */
public record NetworkSettings(
        String host,
        int port,
        String bindHost,
        List<HostPort> seeds,
        Duration joinTimeout,
        int tetherPort,
        Duration tetherBeat,
        Duration tetherSilence) {

    private static final Duration MIN_JOIN_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration MAX_JOIN_TIMEOUT = Duration.ofHours(1);
    private static final Duration MIN_BEAT = Duration.ofMillis(10);
    private static final Duration MAX_BEAT = Duration.ofSeconds(10);
    private static final Duration MAX_SILENCE = Duration.ofMinutes(5);
    private static final int BEATS_OF_SILENCE = 2;

    private static final Pattern HOST = Pattern.compile("[^\\s/]+");
    private static final Pattern HOST_OR_EMPTY = Pattern.compile("[^\\s/]*");
    private static final Pattern HOST_WITH_PORT = Pattern.compile("[^:]+:\\d+");
    private static final List<String> WILDCARDS = List.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");

    public NetworkSettings {
        seeds = List.copyOf(seeds);
        Limits.check("port", port, 0, HostPort.MAX_PORT);
        Limits.check("tetherPort", tetherPort, 0, HostPort.MAX_PORT);
        Limits.check("joinTimeout", joinTimeout, MIN_JOIN_TIMEOUT, MAX_JOIN_TIMEOUT);
        Limits.check("tetherBeat", tetherBeat, MIN_BEAT, MAX_BEAT);
        Limits.check("tetherSilence", tetherSilence, tetherBeat.multipliedBy(BEATS_OF_SILENCE), MAX_SILENCE);
    }

    static NetworkSettings from(SectionReader reader) {
        String host = host(reader);
        String bindHost = reader.text("bind-host", HOST_OR_EMPTY, "a host name or address, or nothing");
        int port = reader.integer("port", 0, HostPort.MAX_PORT);
        Duration beat = reader.duration("tether-beat", MIN_BEAT, MAX_BEAT);
        return new NetworkSettings(
                host,
                port,
                bindHost.isEmpty() ? host : bindHost,
                reader.hostPorts("seeds"),
                reader.duration("join-timeout", MIN_JOIN_TIMEOUT, MAX_JOIN_TIMEOUT),
                tetherPort(reader, port),
                beat,
                tetherSilence(reader, beat));
    }

    /** What is refused as too short may be the default of a long beat, so the problem names the beat. */
    private static Duration tetherSilence(SectionReader reader, Duration beat) {
        Duration least = beat.multipliedBy(BEATS_OF_SILENCE);
        Duration silence = reader.duration("tether-silence", MIN_BEAT.multipliedBy(BEATS_OF_SILENCE), MAX_SILENCE);
        if (silence.compareTo(least) >= 0) {
            return silence;
        }
        reader.refuse(
                "tether-beat",
                "expected at most half of tandem.network.tether-silence, which is " + Units.duration(silence),
                "Maybe set tether-silence to " + Units.duration(least) + " or more.");
        return least;
    }

    private static String host(SectionReader reader) {
        String host = reader.text("host", HOST, "a host name or address");
        if (WILDCARDS.contains(host)) {
            reader.refuse(
                    "host",
                    "expected an address that other nodes can connect to",
                    "To listen on all addresses set bind-host instead.");
        } else if (HOST_WITH_PORT.matcher(host).matches()) {
            reader.refuse("host", "expected a host name or address without port", "The port has its own key, port.");
        }
        return host;
    }

    private static int tetherPort(SectionReader reader, int port) {
        int tetherPort = reader.integer("tether-port", 0, HostPort.MAX_PORT);
        if (tetherPort != 0 && tetherPort == port) {
            reader.refuse("tether-port", "expected another port than that of tandem.network.port", "0: any free port.");
        }
        return tetherPort;
    }
}
