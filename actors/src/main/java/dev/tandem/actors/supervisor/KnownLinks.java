package dev.tandem.actors.supervisor;

import dev.tandem.actors.node.LinkProbe;
import dev.tandem.core.topology.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/** Measured links between named places: nodes and members with a gateway. Used by the supervisor's thread only. */
final class KnownLinks {

    /** Asking a place that does not answer takes seconds, for which every order waits. */
    static final Duration SILENCE_HOLDS = Duration.ofSeconds(30);

    private record Ends(String from, String to) {}

    private final List<Link> known = new ArrayList<>();
    private final Map<Ends, Long> silentAtNanos = new HashMap<>();
    private final LongSupplier nanoTime;

    KnownLinks(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    List<Link> all() {
        return List.copyOf(known);
    }

    void add(Link measured) {
        known.removeIf(link -> isBetween(link, measured.from(), measured.to()));
        known.add(measured);
        silentAtNanos.remove(new Ends(measured.from(), measured.to()));
    }

    /** It did not answer, and is not asked again for {@link #SILENCE_HOLDS}. */
    void addSilent(String from, String to) {
        silentAtNanos.put(new Ends(from, to), nanoTime.getAsLong());
    }

    void forget(String place) {
        known.removeIf(link -> link.from().equals(place) || link.to().equals(place));
        silentAtNanos
                .keySet()
                .removeIf(ends -> ends.from().equals(place) || ends.to().equals(place));
    }

    /** What is still to be measured between these places. */
    List<LinkSurvey.Candidate> unknown(Map<String, ActorRef<LinkProbe.Command>> probes) {
        List<LinkSurvey.Candidate> candidates = new ArrayList<>();
        probes.forEach((from, fromProbe) -> probes.forEach((to, toProbe) -> {
            if (!from.equals(to) && !isKnown(from, to) && !isSilent(new Ends(from, to))) {
                candidates.add(new LinkSurvey.Candidate(from, fromProbe, to, toProbe));
            }
        }));
        return candidates;
    }

    private boolean isKnown(String from, String to) {
        return known.stream().anyMatch(link -> isBetween(link, from, to));
    }

    private boolean isSilent(Ends ends) {
        Long at = silentAtNanos.get(ends);
        return at != null && nanoTime.getAsLong() - at < SILENCE_HOLDS.toNanos();
    }

    private static boolean isBetween(Link link, String from, String to) {
        return link.from().equals(from) && link.to().equals(to);
    }
}
