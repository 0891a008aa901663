package dev.tandem.actors.supervisor;

import dev.tandem.actors.gateway.GatewayMessages.Stats;
import dev.tandem.actors.node.LinkProbe;
import dev.tandem.actors.supervisor.KnownLinks.Ends;
import dev.tandem.actors.supervisor.LinkSurvey.Candidate;
import dev.tandem.actors.supervisor.ServedEpochs.Served;
import dev.tandem.actors.supervisor.SupervisorMessages.Command;
import dev.tandem.actors.supervisor.SupervisorMessages.GatewayRef;
import dev.tandem.core.adapt.DelayWatch;
import dev.tandem.core.adapt.Patience;
import dev.tandem.core.plan.Edge;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.topology.Link;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Looks briefly at links that serve, when requests take longer than the core groups explain, and now and then at those that
 * were found slow. One look at a time. Used by the supervisor's thread only.
 */
final class LinkChecks {

    private static final Duration FIRST_WAIT = Duration.ofSeconds(15);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    private static final double NANOS_PER_SECOND = 1e9;

    /** @param wasSuspicion whether requests were slow, rather than the links looked at for being slow */
    record Checked(LinkSurvey.Surveyed surveyed, boolean wasSuspicion) implements Command {}

    /** What was counted when something had come back last, and the largest busy share since; below 0 for none. */
    private record Past(Stats stats, long atNanos, double busiest, DelayWatch watch) {}

    private final ActorContext<Command> context;
    private final KnownMembers members;
    private final Runnable onChange;
    private final Patience suspicions = new Patience(FIRST_WAIT, LONGEST_WAIT);
    private final Map<Ends, Patience> recoveries = new HashMap<>();
    private final Map<Long, Past> past = new HashMap<>();
    private boolean isUnderWay;

    /** @param onChange told when a link has turned out to be much slower or faster than was known */
    LinkChecks(ActorContext<Command> context, KnownMembers members, Runnable onChange) {
        this.context = context;
        this.members = members;
        this.onChange = onChange;
    }

    /** Epochs other than these are over. */
    void keep(Set<Long> epochs) {
        past.keySet().retainAll(epochs);
        recoveries.keySet().retainAll(members.links().slowed());
    }

    /**
     * What a gateway has counted.
     *
     * @param busiest largest busy share of a core group in a window that has just ended, if one has
     */
    void hear(Served entry, Stats stats, OptionalDouble busiest) {
        long now = System.nanoTime();
        Past before = past.get(entry.epoch());
        if (before == null) {
            past.put(entry.epoch(), new Past(stats, now, -1, new DelayWatch()));
            return;
        }
        double busy = Math.max(before.busiest(), busiest.orElse(-1));
        long returned = stats.returned() - before.stats().returned();
        if (returned <= 0 || busy < 0) {
            past.put(entry.epoch(), new Past(before.stats(), before.atNanos(), busy, before.watch()));
            return;
        }
        past.put(entry.epoch(), new Past(stats, now, -1, before.watch()));
        double seconds = (now - before.atNanos()) / NANOS_PER_SECOND;
        double away = (stats.awayNanos() - before.stats().awayNanos()) / NANOS_PER_SECOND / returned;
        PlanScore predicted = entry.order().plan().predicted();
        if (before.watch()
                .isSuspicious(
                        predicted.latencySeconds(), predicted.throughputPerSecond(), away, returned / seconds, busy)) {
            suspect(entry);
        }
    }

    private void suspect(Served entry) {
        List<Candidate> candidates = candidates(entry.deploy().gateway(), paths(entry));
        if (!isUnderWay && !candidates.isEmpty() && suspicions.mayTry(System.nanoTime())) {
            look(candidates, true);
        }
    }

    /** Looks at the links that were found slow, when it is time. */
    void lookAtSlowOnes(GatewayRef gateway) {
        if (isUnderWay) {
            return;
        }
        long now = System.nanoTime();
        List<Candidate> candidates = candidates(gateway, members.links().slowed()).stream()
                .filter(candidate -> recovery(candidate.from(), candidate.to()).mayTry(now))
                .toList();
        if (!candidates.isEmpty()) {
            look(candidates, false);
        }
    }

    /** Of a link that has just been found slow, the first wait begins now. */
    private Patience recovery(String from, String to) {
        return recoveries.computeIfAbsent(new Ends(from, to), ends -> {
            Patience patience = new Patience(FIRST_WAIT, LONGEST_WAIT);
            var unused = patience.mayTry(System.nanoTime());
            return patience;
        });
    }

    private List<Candidate> candidates(GatewayRef gateway, Set<Ends> ends) {
        return members.links().among(ends, members.nodes().probes(gateway));
    }

    private void look(List<Candidate> candidates, boolean isSuspicion) {
        isUnderWay = true;
        context.spawnAnonymous(LinkSurvey.brief(
                candidates,
                OneAnswer.<LinkSurvey.Surveyed>to(context, surveyed -> new Checked(surveyed, isSuspicion))));
    }

    /** Links on which the plan sends something. */
    private static Set<Ends> paths(Served entry) {
        String gateway = entry.deploy().gateway().node();
        Set<Ends> paths = new HashSet<>();
        for (Lane lane : entry.order().plan().lanes()) {
            for (Edge edge : lane.edges()) {
                String from = node(lane, edge.producer(), gateway);
                String to = node(lane, edge.consumer(), gateway);
                paths.add(new Ends(from, to));
            }
        }
        return paths;
    }

    private static String node(Lane lane, Endpoint endpoint, String gateway) {
        return endpoint.isGateway() ? gateway : lane.shard(endpoint).place().node();
    }

    /** What does not carry a load in time is no faster than that. */
    void onChecked(Checked checked) {
        isUnderWay = false;
        boolean isChanged = false;
        for (Link link : checked.surveyed().links()) {
            isChanged |= correct(link);
        }
        double least = (double) LinkProbe.LOAD_BYTES / LinkSurvey.PER_LINK.toSeconds();
        for (Candidate silent : checked.surveyed().silent()) {
            isChanged |= correct(new Link(silent.from(), silent.to(), least, 0));
        }
        if (checked.wasSuspicion()) {
            tell(suspicions, isChanged);
        }
        if (isChanged) {
            onChange.run();
        }
    }

    private boolean correct(Link link) {
        Ends ends = new Ends(link.from(), link.to());
        boolean isChanged = members.links().correct(link);
        Patience recovery = recoveries.get(ends);
        if (recovery != null) {
            tell(recovery, isChanged);
        }
        if (isChanged) {
            context.getLog()
                    .info(
                            "link {} -> {} is found to carry {} MB/s now",
                            link.from(),
                            link.to(),
                            Math.round(link.bandwidthBytesPerSecond() / 1e5) / 10.0);
        }
        return isChanged;
    }

    private static void tell(Patience patience, boolean wasOfUse) {
        if (wasOfUse) {
            patience.wasOfUse();
        } else {
            patience.wasInVain();
        }
    }
}
