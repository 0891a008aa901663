package dev.tandem.actors.supervisor;

import dev.tandem.actors.node.LinkProbe;
import dev.tandem.actors.protocol.ClusterView;
import dev.tandem.actors.protocol.ModelOffer;
import dev.tandem.actors.supervisor.DeployQueue.Job;
import dev.tandem.actors.supervisor.SupervisorMessages.GatewayRef;
import dev.tandem.core.cost.Calibration;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Topology;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;

/** Who is there and how well they reach each other. Used by the supervisor's thread only. */
record KnownMembers(KnownNodes nodes, KnownGateways gateways, KnownLinks links) {

    /** Those of some thirty nodes: 100 kB at the most. */
    private static final int MOST_HANDED_ON = 1000;

    KnownMembers() {
        this(new KnownNodes(), new KnownGateways(), new KnownLinks(System::nanoTime));
    }

    ClusterView view() {
        return new ClusterView(nodes.reports(), links.all());
    }

    /** The links that a plan for this gateway may use and that have not been measured. */
    List<LinkSurvey.Candidate> unmeasured(GatewayRef gateway) {
        return links.unknown(nodes.probes(gateway));
    }

    /** Takes what was measured for this gateway, but for the links of members that have gone since; one that has started
     * again is not silent because its forerunner was. */
    void addMeasured(LinkSurvey.Surveyed measured, GatewayRef gateway) {
        Map<String, ActorRef<LinkProbe.Command>> probes = nodes.probes(gateway);
        Set<String> places = probes.keySet();
        measured.links().stream()
                .filter(link -> places.contains(link.from()) && places.contains(link.to()))
                .forEach(links::add);
        measured.silent().stream()
                .filter(link -> link.fromProbe().equals(probes.get(link.from()))
                        && link.toProbe().equals(probes.get(link.to())))
                .forEach(link -> links.addSilent(link.from(), link.to()));
    }

    /**
     * The links with which another supervisor may replace a plan for this gateway, also those of nodes that are not there; of too
     * many for a message first those of the gateway.
     */
    List<Link> linksToHandOn(GatewayRef gateway) {
        return links
                .allOrFormer(place -> place.equals(gateway.node()) || nodes.contains(place) || !gateways.isNamed(place))
                .stream()
                .sorted(Comparator.comparing(link -> !touches(link, gateway.node())))
                .limit(MOST_HANDED_ON)
                .toList();
    }

    private static boolean touches(Link link, String place) {
        return link.from().equals(place) || link.to().equals(place);
    }

    /** What to plan for a job, with who is there now, as fast as that, as if only these nodes were there. */
    PlanMaker.Question question(Job job, PlanPolicy policy, Calibration calibration, Predicate<String> isThere) {
        Set<String> places = nodes.probes(job.deploy().gateway()).keySet();
        List<Link> reach = job.recovers() ? links.allOrFormer(places::contains) : links.all();
        Topology topology = calibration.applyTo(nodes.topology(reach, isThere.and(policy::allows)));
        int allowed = topology.nodes().size();
        ModelOffer offer = job.deploy().offer();
        return new PlanMaker.Question(
                offer.graphJson(),
                offer.profile(),
                job.order(policy, allowed, topology.coreGroups().size()),
                topology,
                job.deploy().gateway().node());
    }
}
