package dev.tandem.deploy.wiring;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A profile on a command line: {@code FILE}, or {@code NODE=FILE} or {@code NODE/GROUP=FILE} for machines of a topology.
 *
 * @param node absent: for the reference
 * @param group absent: for all core groups of the node
 */
public record ProfileOption(@Nullable String node, @Nullable String group, Path file) {

    public static ProfileOption parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            return new ProfileOption(null, null, Path.of(text));
        }
        String place = text.substring(0, equals);
        int slash = place.indexOf('/');
        Path file = Path.of(text.substring(equals + 1));
        return slash < 0
                ? new ProfileOption(place, null, file)
                : new ProfileOption(place.substring(0, slash), place.substring(slash + 1), file);
    }
}
