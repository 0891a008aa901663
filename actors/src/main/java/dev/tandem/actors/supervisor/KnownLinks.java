package dev.tandem.actors.supervisor;

import dev.tandem.actors.node.LinkProbe;
import dev.tandem.core.topology.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;

/** Measured links between named places: nodes and members with a gateway. Used by the supervisor's thread only. */
final class KnownLinks {

    /** Asking a place that does not answer takes seconds, for which every order waits. */
    static final Duration SILENCE_HOLDS = Duration.ofSeconds(30);

    /**
     * A link that was as fast as this when it was measured first was perhaps as fast as the young members' cold code. Two on
     * loopback gave 130 to 330 MB/s and 0.3 to 1 ms at their first order.
     */
    static final double FAST_BYTES_PER_SECOND = 50e6;

    /** So many are measured again at a time; more would hold up an order. */
    static final int MOST_AGAIN = 32;

    /**
     * A link that is measured while it serves looks slower than it is. One that serves at two thirds of its rate has a third
     * left, so that only less than that says something.
     */
    static final double SLOWED = 3;

    /** By which a link that was found slow must be faster again. */
    static final double FASTER = 1.5;

    /** Nodes without a name of their own have another one after each start. */
    private static final int MOST_FORMER = 1000;

    /** The places that a link leads from and to. */
    record Ends(String from, String to) {}

    private final List<Link> known = new ArrayList<>();
    /** What links to nodes were that have gone since, or what another supervisor has measured; none of them is known. */
    private final Map<Ends, Link> former = new HashMap<>();

    private final Set<String> nodes = new HashSet<>();

    private final Set<Ends> young = new HashSet<>();
    /** Of links that were found slow while they served, the rate from before. */
    private final Map<Ends, Double> fullRates = new HashMap<>();

    private final Map<Ends, Long> silentAtNanos = new HashMap<>();
    private final LongSupplier nanoTime;

    KnownLinks(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    List<Link> all() {
        return List.copyOf(known);
    }

    /**
     * Also links as they were the last time where it is not known what they are: whoever replaces what was lost has no time to
     * measure, and boards mostly stand where they stood.
     *
     * @param isPlace where links may lead from and to
     */
    List<Link> allOrFormer(Predicate<String> isPlace) {
        List<Link> links = new ArrayList<>(known);
        former.forEach((ends, link) -> {
            if (!isSilent(ends)) {
                links.add(link);
            }
        });
        links.removeIf(link -> !isPlace.test(link.from()) || !isPlace.test(link.to()));
        return links;
    }

    /** Of a link that was measured before the better figures count: a probe is held up by much and sped up by nothing. */
    void add(Link measured) {
        Ends ends = new Ends(measured.from(), measured.to());
        Optional<Link> before = known.stream()
                .filter(link -> isBetween(link, ends.from(), ends.to()))
                .findFirst();
        before.ifPresent(known::remove);
        known.add(before.map(link -> better(link, measured)).orElse(measured));
        former.remove(ends);
        boolean isYoung = before.isEmpty() && measured.bandwidthBytesPerSecond() >= FAST_BYTES_PER_SECOND;
        if (isYoung) {
            young.add(ends);
        } else {
            young.remove(ends);
        }
        silentAtNanos.remove(ends);
    }

    private static Link better(Link one, Link other) {
        return new Link(
                one.from(),
                one.to(),
                Math.max(one.bandwidthBytesPerSecond(), other.bandwidthBytesPerSecond()),
                Math.min(one.latencySeconds(), other.latencySeconds()));
    }

    /** What a supervisor before this one knew; what this one has measured itself counts more. */
    void recall(List<Link> handedOn) {
        makeRoom();
        handedOn.stream()
                .filter(link -> !isKnown(link.from(), link.to()) && !isSilent(new Ends(link.from(), link.to())))
                .forEach(link -> former.putIfAbsent(new Ends(link.from(), link.to()), link));
    }

    /** It did not answer, and is not asked again for {@link #SILENCE_HOLDS}. */
    void addSilent(String from, String to) {
        Ends ends = new Ends(from, to);
        silentAtNanos.put(ends, nanoTime.getAsLong());
        former.remove(ends);
    }

    /** It has gone, or has started again: its links are measured before they are trusted. */
    void lose(String node) {
        List<Link> lost = known.stream()
                .filter(link -> link.from().equals(node) || link.to().equals(node))
                .toList();
        drop(node);
        makeRoom();
        nodes.add(node);
        lost.forEach(link -> former.put(new Ends(link.from(), link.to()), link));
    }

    private void makeRoom() {
        if (former.size() > MOST_FORMER) {
            former.clear();
            nodes.clear();
        }
    }

    /** It will not come back under this name, unless it is also a node's. */
    void forget(String place) {
        if (nodes.contains(place)) {
            return;
        }
        former.keySet().removeIf(ends -> ends.from().equals(place) || ends.to().equals(place));
        drop(place);
    }

    private void drop(String place) {
        known.removeIf(link -> link.from().equals(place) || link.to().equals(place));
        fullRates
                .keySet()
                .removeIf(ends -> ends.from().equals(place) || ends.to().equals(place));
        young.removeIf(ends -> ends.from().equals(place) || ends.to().equals(place));
        silentAtNanos
                .keySet()
                .removeIf(ends -> ends.from().equals(place) || ends.to().equals(place));
    }

    /** What is still to be measured between these places, and what was measured while they were young. */
    List<LinkSurvey.Candidate> unknown(Map<String, ActorRef<LinkProbe.Command>> probes) {
        List<LinkSurvey.Candidate> candidates = new ArrayList<>();
        List<LinkSurvey.Candidate> again = new ArrayList<>();
        probes.forEach((from, fromProbe) -> probes.forEach((to, toProbe) -> {
            Ends ends = new Ends(from, to);
            if (young.contains(ends)) {
                again.add(new LinkSurvey.Candidate(from, fromProbe, to, toProbe));
            } else if (!from.equals(to) && !isKnown(from, to) && !isSilent(ends)) {
                candidates.add(new LinkSurvey.Candidate(from, fromProbe, to, toProbe));
            }
        }));
        candidates.addAll(again.subList(0, Math.min(MOST_AGAIN, again.size())));
        return candidates;
    }

    /** Those of these links that are known. */
    List<LinkSurvey.Candidate> among(Set<Ends> ends, Map<String, ActorRef<LinkProbe.Command>> probes) {
        List<LinkSurvey.Candidate> candidates = new ArrayList<>();
        for (Link link : known) {
            ActorRef<LinkProbe.Command> from = probes.get(link.from());
            ActorRef<LinkProbe.Command> to = probes.get(link.to());
            if (from != null && to != null && ends.contains(new Ends(link.from(), link.to()))) {
                candidates.add(new LinkSurvey.Candidate(link.from(), from, link.to(), to));
            }
        }
        return candidates;
    }

    /** Links that were found slow while they served. */
    Set<Ends> slowed() {
        return Set.copyOf(fullRates.keySet());
    }

    /**
     * Takes over what a brief measurement of a link says that may be serving; its rate only, and only where that is very
     * different. Returns whether it is.
     */
    boolean correct(Link measured) {
        Ends ends = new Ends(measured.from(), measured.to());
        Optional<Link> before = known.stream()
                .filter(link -> isBetween(link, ends.from(), ends.to()))
                .findFirst();
        double rate = before.map(link -> corrected(ends, link.bandwidthBytesPerSecond(), measured))
                .orElse(0.0);
        if (before.isEmpty() || rate == before.get().bandwidthBytesPerSecond()) {
            return false;
        }
        known.remove(before.get());
        known.add(new Link(ends.from(), ends.to(), rate, before.get().latencySeconds()));
        return true;
    }

    private double corrected(Ends ends, double now, Link measured) {
        double full = fullRates.getOrDefault(ends, now);
        double rate = Math.min(measured.bandwidthBytesPerSecond(), full);
        if (rate * SLOWED < now) {
            fullRates.put(ends, full);
            return rate;
        } else if (!fullRates.containsKey(ends) || rate < FASTER * now) {
            return now;
        } else if (rate * FASTER < full) {
            return rate;
        }
        fullRates.remove(ends);
        return full;
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
