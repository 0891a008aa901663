package dev.tandem.config;

/** A TCP address to connect to. The host is a name or an address; an IPv6 address is held without brackets. */
public record HostPort(String host, int port) {

    static final int MAX_PORT = 65_535;

    public HostPort {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host of a host:port pair must not be empty. Maybe 127.0.0.1.");
        }
        Limits.check("port of host " + host, port, 1, MAX_PORT);
    }

    /**
     * Parses {@code host:port} or {@code [IPv6]:port}.
     *
     * @throws IllegalArgumentException if the text is neither; the message says which part is wrong
     */
    public static HostPort parse(String text) {
        String trimmed = text.strip();
        int colon = trimmed.lastIndexOf(':');
        if (colon < 0 || trimmed.endsWith("]")) {
            throw unfit(text, "the port is missing");
        }
        return new HostPort(host(text, trimmed.substring(0, colon)), port(text, trimmed.substring(colon + 1)));
    }

    private static String host(String text, String host) {
        if (host.startsWith("[") && host.endsWith("]")) {
            return host.substring(1, host.length() - 1);
        }
        if (host.contains(":")) {
            throw unfit(text, "an IPv6 address needs brackets, as in [::1]:7355");
        }
        if (host.isEmpty() || host.chars().anyMatch(c -> Character.isWhitespace(c) || c == '/')) {
            throw unfit(text, "the host is empty or has a space or slash in it");
        }
        return host;
    }

    private static int port(String text, String port) {
        if (!port.matches("\\d{1,5}") || Integer.parseInt(port) < 1 || Integer.parseInt(port) > MAX_PORT) {
            throw unfit(text, "the port must be a number from 1 to " + MAX_PORT);
        }
        return Integer.parseInt(port);
    }

    private static IllegalArgumentException unfit(String text, String why) {
        return new IllegalArgumentException("'" + text + "' is not host:port: " + why + ".");
    }

    /** The form that {@link #parse} reads. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
