package dev.tandem.core.cost;

/**
 * What the requests of a plan are predicted to send from one node to another.
 *
 * @param bytes per request after coding, on the average of all lanes
 * @param busySeconds per request that they keep the link busy, without its latency
 */
public record LinkLoad(String from, String to, double bytes, double busySeconds) {

    LinkLoad plus(LinkLoad other) {
        return new LinkLoad(from, to, bytes + other.bytes, busySeconds + other.busySeconds);
    }
}
