package dev.tandem.core.cost;

import java.util.Locale;

/**
 * How long a resource is busy for every request.
 *
 * @param name core group as {@code node/group}, machine, link as {@code from -> to}, the node of a card, or the medium
 * @param busySeconds on the average of all lanes
 */
public record ResourceLoad(ResourceKind kind, String name, double busySeconds) {

    /** The resource and its time, such as {@code compute of a/cpu: 12.500 ms}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s: %.3f ms", words(), busySeconds * 1e3);
    }

    private String words() {
        return switch (kind) {
            case CORE_GROUP -> "compute of " + name;
            case PROCESSOR -> "processor of " + name + ", computing and carrying";
            case LINK -> "link " + name;
            case SENDING_CARD -> "network card of " + name + ", sending";
            case RECEIVING_CARD -> "network card of " + name + ", receiving";
            case SHARED_MEDIUM -> "shared medium " + name;
        };
    }
}
