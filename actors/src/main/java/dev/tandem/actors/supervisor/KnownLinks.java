package dev.tandem.actors.supervisor;

import dev.tandem.actors.node.LinkProbe;
import dev.tandem.core.topology.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/** Measured links between named places: nodes and members with a gateway. Used by the supervisor's thread only. */
final class KnownLinks {

    private final List<Link> known = new ArrayList<>();

    List<Link> all() {
        return List.copyOf(known);
    }

    void add(Link measured) {
        known.removeIf(link -> isBetween(link, measured.from(), measured.to()));
        known.add(measured);
    }

    void forget(String place) {
        known.removeIf(link -> link.from().equals(place) || link.to().equals(place));
    }

    /** What is still to be measured between these places. */
    List<LinkSurvey.Candidate> unknown(Map<String, ActorRef<LinkProbe.Command>> probes) {
        List<LinkSurvey.Candidate> candidates = new ArrayList<>();
        probes.forEach((from, fromProbe) -> probes.forEach((to, toProbe) -> {
            if (!from.equals(to) && known.stream().noneMatch(link -> isBetween(link, from, to))) {
                candidates.add(new LinkSurvey.Candidate(from, fromProbe, to, toProbe));
            }
        }));
        return candidates;
    }

    private static boolean isBetween(Link link, String from, String to) {
        return link.from().equals(from) && link.to().equals(to);
    }
}
