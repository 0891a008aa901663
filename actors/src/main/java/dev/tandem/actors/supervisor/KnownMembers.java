package dev.tandem.actors.supervisor;

import dev.tandem.actors.protocol.ClusterView;
import dev.tandem.actors.protocol.ModelOffer;
import dev.tandem.actors.supervisor.DeployQueue.Job;
import dev.tandem.actors.supervisor.SupervisorMessages.GatewayRef;
import dev.tandem.core.cost.Calibration;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Topology;
import java.util.List;
import java.util.Set;

/** Who is there and how well they reach each other. Used by the supervisor's thread only. */
record KnownMembers(KnownNodes nodes, KnownGateways gateways, KnownLinks links) {

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

    /** Takes what was measured for this gateway, but for the links of members that have gone since. */
    void addMeasured(LinkSurvey.Surveyed measured, GatewayRef gateway) {
        Set<String> places = nodes.probes(gateway).keySet();
        measured.links().stream()
                .filter(link -> places.contains(link.from()) && places.contains(link.to()))
                .forEach(links::add);
        measured.silent().stream()
                .filter(link -> places.contains(link.from()) && places.contains(link.to()))
                .forEach(link -> links.addSilent(link.from(), link.to()));
    }

    /** The links that a plan for this gateway may use, as they are or were the last time. */
    List<Link> links(GatewayRef gateway) {
        return links.allOrFormer(nodes.probes(gateway).keySet());
    }

    /** What to plan for a job, with who is there now and as fast as that. */
    PlanMaker.Question question(Job job, PlanPolicy policy, Calibration calibration) {
        List<Link> reach = job.recovers() ? links(job.deploy().gateway()) : links.all();
        Topology topology = calibration.applyTo(nodes.topology(reach, policy::allows));
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
