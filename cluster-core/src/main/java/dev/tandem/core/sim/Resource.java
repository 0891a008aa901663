package dev.tandem.core.sim;

/**
 * Something that does one thing at a time, and how busy it was.
 *
 * @param busySeconds of what it has begun
 * @param utilisation of it the share of the whole simulated time, warm-up and end included
 */
public record Resource(Kind kind, String name, double busySeconds, double utilisation) {

    /** What it is; a node's network card is two, one for each direction. */
    public enum Kind {
        CORE_GROUP,
        LINK,
        SENDING_CARD,
        RECEIVING_CARD,
        SHARED_MEDIUM
    }
}
