package dev.tandem.core.sim;

import dev.tandem.core.topology.CoreGroupId;
import java.util.List;

/** From some time on, a core group computes or a link carries at another rate. */
public sealed interface Drift {

    /** What begins at this time or later goes at the new rate; what has begun before ends at the old one. */
    double seconds();

    /** New rate over the topology's, not over that of an earlier drift. */
    double factor();

    /** A core group becomes slower or faster; the runtime's own time per call stays. */
    record OfCoreGroup(CoreGroupId group, double seconds, double factor) implements Drift {
        public OfCoreGroup {
            requireValid("core group " + group, seconds, factor);
        }
    }

    /** A link becomes slower or faster; latency, time per frame and the network cards at its ends stay. */
    record OfLink(String from, String to, double seconds, double factor) implements Drift {
        public OfLink {
            requireValid("link " + from + " -> " + to, seconds, factor);
        }
    }

    /** Those of one kind. */
    static <D extends Drift> List<D> select(List<Drift> drifts, Class<D> kind) {
        return drifts.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static void requireValid(String subject, double seconds, double factor) {
        if (!(seconds >= 0) || !(factor > 0 && Double.isFinite(factor))) {
            throw new IllegalArgumentException("drift of " + subject + " must begin at 0 s or later (" + seconds
                    + ") with a finite factor above 0 (" + factor + "). Maybe use a node loss for a rate of 0.");
        }
    }
}
