package dev.tandem.actors.transport;

import dev.tandem.actors.transport.FrameLoss.Lost;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to be logged of frames that were lost: the first at once, and what is lost in the second after it in one line at
 * its end, since a queue that is full loses thousands in that time. Used by one thread.
 */
final class LossLog {

    private boolean counts;
    private int more;
    private @Nullable Lost last;

    /** A frame is lost; present is the line for it, with which a second begins. */
    Optional<String> lost(Lost lost) {
        if (counts) {
            more++;
            last = lost;
            return Optional.empty();
        }
        counts = true;
        return Optional.of("a frame is lost: " + text(lost));
    }

    /** A second has ended; present is the line for what was lost in it, with which another begins. */
    Optional<String> secondEnded() {
        if (more == 0 || last == null) {
            counts = false;
            return Optional.empty();
        }
        String line = more + " more frames were lost within a second, the last: " + text(last);
        more = 0;
        return Optional.of(line);
    }

    private static String text(Lost lost) {
        return lost.header().route() + " sequence " + lost.header().sequence() + " at offset "
                + lost.header().part().offset() + " to " + lost.recipient() + ", " + lost.reason();
    }
}
