package dev.tandem.actors.supervisor;

import dev.tandem.actors.gateway.GatewayMessages;
import dev.tandem.actors.node.LinkProbe;
import dev.tandem.actors.node.NodeMessages;
import dev.tandem.actors.node.NodeMessages.Retire;
import dev.tandem.actors.protocol.ClusterView;
import dev.tandem.actors.protocol.DeployReply;
import dev.tandem.actors.protocol.NodeReport;
import dev.tandem.actors.supervisor.SupervisorMessages.AwaitNodes;
import dev.tandem.actors.supervisor.SupervisorMessages.Command;
import dev.tandem.actors.supervisor.SupervisorMessages.Deploy;
import dev.tandem.actors.supervisor.SupervisorMessages.DescribeCluster;
import dev.tandem.actors.supervisor.SupervisorMessages.FramesLost;
import dev.tandem.actors.supervisor.SupervisorMessages.PeerLost;
import dev.tandem.actors.supervisor.SupervisorMessages.Register;
import dev.tandem.actors.supervisor.SupervisorMessages.Undeploy;
import dev.tandem.actors.supervisor.SupervisorMessages.Undeployed;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Topology;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

/**
 * The cluster's one supervisor, a singleton: knows the nodes and the links between them, has plans made, and puts them in
 * place. No request and no feature map passes through it.
 *
 * <p>Orders are carried out one after the other. What it knows it has from the nodes, which register again and again, so
 * that a new incarnation knows it too after a second.
 */
public final class Supervisor extends AbstractBehavior<Command> {

    /** Name of the singleton. */
    public static final String NAME = "supervisor";

    /**
     * Bounds of a supervisor.
     *
     * @param rolloutTimeout until a rollout is given up
     * @param drainTimeout until an old epoch is retired although requests are still in it
     * @param window requests in flight per edge, at least; deep pipelines get more
     */
    public record Limits(Duration rolloutTimeout, Duration drainTimeout, int window, RuntimeCosts costs) {}

    private record KnownNode(NodeReport report, ActorRef<NodeMessages.Step> agent, ActorRef<LinkProbe.Command> probe) {}

    private record PlanMade(Deploy deploy, PlanMaker.Answer answer) implements Command {}

    private record PlanFailed(Deploy deploy, String reason) implements Command {}

    private record RolloutEnded(Rollout.Outcome outcome) implements Command {}

    private record GatewaySaid(GatewayMessages.Reply reply) implements Command {}

    private record DrainOverdue(RolloutOrder order) implements Command {}

    private record EndOfGateway(ActorRef<DataMessage> gateway) implements Command {}

    private final Limits limits;
    private final PlanMaker planMaker;
    private final ActorRef<Rollout.Outcome> rolloutOutcomes;
    private final ActorRef<GatewayMessages.Reply> gatewayReplies;
    private final Map<String, KnownNode> nodes = new TreeMap<>();
    private final Links links = new Links();
    private final List<AwaitNodes> awaiting = new ArrayList<>();
    private final Deque<Deploy> waiting = new ArrayDeque<>();
    private final Map<ActorRef<DataMessage>, Serving> serving = new HashMap<>();
    private @Nullable Deploy current;
    private long lastEpoch;

    /** What serves a gateway now. */
    private record Serving(Deploy deploy, RolloutOrder order, ActorRef<Rollout.Event> rollout) {}

    private @Nullable ActorRef<Rollout.Event> rollout;

    public static Behavior<Command> create(Limits limits) {
        return Behaviors.setup(context -> new Supervisor(context, limits));
    }

    private Supervisor(ActorContext<Command> context, Limits limits) {
        super(context);
        this.limits = limits;
        this.planMaker = new PlanMaker(limits.costs());
        this.rolloutOutcomes = context.messageAdapter(Rollout.Outcome.class, RolloutEnded::new);
        this.gatewayReplies = context.messageAdapter(GatewayMessages.Reply.class, GatewaySaid::new);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Register.class, this::onRegister)
                .onMessage(PeerLost.class, this::onPeerLost)
                .onMessage(FramesLost.class, lost -> onEpochFault(lost.epoch(), lost.reason()))
                .onMessage(DescribeCluster.class, this::onDescribe)
                .onMessage(AwaitNodes.class, this::onAwaitNodes)
                .onMessage(Deploy.class, this::onDeploy)
                .onMessage(LinkSurvey.Surveyed.class, this::onSurveyed)
                .onMessage(PlanMade.class, this::onPlanMade)
                .onMessage(PlanFailed.class, failed -> refuse(failed.deploy(), failed.reason()))
                .onMessage(RolloutEnded.class, ended -> onRolloutEnded(ended.outcome()))
                .onMessage(GatewaySaid.class, said -> onGatewaySaid(said.reply()))
                .onMessage(DrainOverdue.class, overdue -> retire(overdue.order()))
                .onMessage(Undeploy.class, this::onUndeploy)
                .onMessage(EndOfGateway.class, end -> forget(end.gateway()))
                .build();
    }

    private Behavior<Command> onRegister(Register register) {
        NodeReport report = register.report();
        String name = report.node().id();
        KnownNode before = nodes.put(name, new KnownNode(report, register.agent(), register.probe()));
        lastEpoch = Math.max(lastEpoch, report.lastEpoch());
        if (before == null || !before.agent().equals(register.agent())) {
            links.forget(name);
            getContext().watchWith(register.agent(), new PeerLost(name, "its agent has stopped", "the supervisor"));
            getContext().getLog().info("node {} registered: {}", name, report.node());
            answerAwaiting();
        }
        return this;
    }

    private Behavior<Command> onDescribe(DescribeCluster describe) {
        describe.replyTo().tell(view());
        return this;
    }

    private Behavior<Command> onAwaitNodes(AwaitNodes await) {
        awaiting.add(await);
        answerAwaiting();
        return this;
    }

    private void answerAwaiting() {
        awaiting.stream().filter(await -> await.count() <= nodes.size()).forEach(await -> await.replyTo()
                .tell(view()));
        awaiting.removeIf(await -> await.count() <= nodes.size());
    }

    private ClusterView view() {
        return new ClusterView(nodes.values().stream().map(KnownNode::report).toList());
    }

    private Behavior<Command> onDeploy(Deploy deploy) {
        waiting.addLast(deploy);
        startNext();
        return this;
    }

    private void startNext() {
        if (current != null || waiting.isEmpty()) {
            return;
        }
        current = waiting.removeFirst();
        List<LinkSurvey.Candidate> unknown = links.unknown(endpoints(current));
        getContext().spawnAnonymous(LinkSurvey.create(unknown, getContext().getSelf()));
    }

    private Map<String, ActorRef<LinkProbe.Command>> endpoints(Deploy deploy) {
        Map<String, ActorRef<LinkProbe.Command>> probes = new TreeMap<>();
        nodes.forEach((name, node) -> probes.put(name, node.probe()));
        probes.put(deploy.gateway().node(), deploy.gateway().probe());
        return probes;
    }

    private Behavior<Command> onSurveyed(LinkSurvey.Surveyed surveyed) {
        links.add(surveyed.links());
        Deploy deploy = current;
        if (deploy == null) {
            return this;
        }
        if (nodes.isEmpty()) {
            return refuse(deploy, "the cluster has no nodes yet. Maybe start one with 'tandem node'.");
        }
        PlanMaker.Question question = new PlanMaker.Question(
                deploy.offer(), deploy.order(), topology(), deploy.gateway().node());
        getContext()
                .pipeToSelf(
                        CompletableFuture.supplyAsync(
                                () -> planMaker.answer(question),
                                getContext().getSystem().dispatchers().lookup(DispatcherSelector.blocking())),
                        (answer, failure) -> failure == null
                                ? new PlanMade(deploy, answer)
                                : new PlanFailed(deploy, String.valueOf(failure)));
        return this;
    }

    private Topology topology() {
        return new Topology(
                nodes.values().stream().map(node -> node.report().node()).toList(), links.all());
    }

    private Behavior<Command> onPlanMade(PlanMade made) {
        if (made.answer().result() instanceof PlanResult.Refused refused) {
            return refuse(made.deploy(), refused.reason());
        }
        PlanResult.Planned planned = (PlanResult.Planned) made.answer().result();
        Optional<RolloutOrder> order = RolloutOrders.order(
                ++lastEpoch,
                planned.plan(),
                made.answer().graph(),
                made.deploy(),
                limits.window(),
                gatewayReplies,
                name -> {
                    KnownNode node = nodes.get(name);
                    return node == null
                            ? Optional.empty()
                            : Optional.of(new RolloutOrders.Target(
                                    node.agent(), node.report().tether()));
                });
        if (order.isEmpty()) {
            return refuse(made.deploy(), "a node of the plan was lost while it was made. Maybe deploy again.");
        }
        rollout = getContext()
                .spawn(Rollout.create(order.get(), limits.rolloutTimeout(), rolloutOutcomes), "rollout-" + lastEpoch);
        return this;
    }

    private Behavior<Command> refuse(Deploy deploy, String reason) {
        deploy.replyTo().tell(new DeployReply.PlanRefused(reason));
        abandon(deploy.gateway().gateway(), reason);
        current = null;
        startNext();
        return this;
    }

    /** A gateway that waits for a plan in place of one that was lost must hear that none comes. */
    private void abandon(ActorRef<DataMessage> gateway, String reason) {
        Serving before = serving.get(gateway);
        if (before == null) {
            gateway.tell(new GatewayMessages.Abandon(0, reason, false));
        }
    }

    private Behavior<Command> onRolloutEnded(Rollout.Outcome outcome) {
        Deploy deploy = current;
        current = null;
        if (deploy != null && outcome instanceof Rollout.Done done && rollout != null) {
            replace(deploy, done.order(), rollout);
            deploy.replyTo()
                    .tell(new DeployReply.Deployed(
                            done.order().epoch(), done.order().plan()));
        } else if (deploy != null && outcome instanceof Rollout.Failed failed) {
            getContext()
                    .getLog()
                    .warn("rollout of epoch {} failed: {}", failed.order().epoch(), failed.reason());
            deploy.replyTo().tell(new DeployReply.RolloutFailed(failed.reason()));
            abandon(deploy.gateway().gateway(), failed.reason());
        }
        rollout = null;
        startNext();
        return this;
    }

    private void replace(Deploy deploy, RolloutOrder order, ActorRef<Rollout.Event> owner) {
        Serving before = serving.put(deploy.gateway().gateway(), new Serving(deploy, order, owner));
        if (before != null) {
            getContext().scheduleOnce(limits.drainTimeout(), getContext().getSelf(), new DrainOverdue(before.order()));
        } else {
            getContext()
                    .watchWith(
                            deploy.gateway().gateway(),
                            new EndOfGateway(deploy.gateway().gateway()));
        }
    }

    private Behavior<Command> onGatewaySaid(GatewayMessages.Reply reply) {
        if (reply instanceof GatewayMessages.Faulty faulty) {
            return onEpochFault(faulty.epoch(), faulty.reason());
        }
        if (reply instanceof GatewayMessages.Drained drained) {
            nodes.values().forEach(node -> tellRetire(node.agent(), drained.epoch()));
        }
        return this;
    }

    private Behavior<Command> onEpochFault(long epoch, String reason) {
        servingEpoch(epoch).ifPresent(broken -> recover(broken, reason));
        return this;
    }

    private Optional<Serving> servingEpoch(long epoch) {
        return serving.values().stream()
                .filter(entry -> entry.order().epoch() == epoch)
                .findFirst();
    }

    private Behavior<Command> onPeerLost(PeerLost lost) {
        if (nodes.remove(lost.peer()) == null) {
            return this;
        }
        links.forget(lost.peer());
        getContext().getLog().warn("node {} lost: {} (said {})", lost.peer(), lost.reason(), lost.reportedBy());
        if (rollout != null) {
            rollout.tell(new Rollout.Cancel("node " + lost.peer() + " was lost: " + lost.reason()));
        }
        List.copyOf(serving.values()).stream()
                .filter(entry -> entry.order().uses(lost.peer()))
                .forEach(entry -> recover(entry, "node " + lost.peer() + " was lost: " + lost.reason()));
        return this;
    }

    /** Takes a broken epoch out of service and plans again for those that are left. */
    private void recover(Serving broken, String reason) {
        ActorRef<DataMessage> gateway = broken.order().gateway();
        gateway.tell(new GatewayMessages.Abandon(broken.order().epoch(), reason, true));
        forget(gateway);
        Deploy deploy = broken.deploy();
        onDeploy(new Deploy(
                deploy.offer(),
                deploy.order(),
                deploy.gateway(),
                getContext().getSystem().ignoreRef()));
    }

    private Behavior<Command> onUndeploy(Undeploy undeploy) {
        Serving entry = serving.get(undeploy.gateway());
        long epoch = entry == null ? 0 : entry.order().epoch();
        forget(undeploy.gateway());
        undeploy.replyTo().tell(new Undeployed(epoch));
        return this;
    }

    private Behavior<Command> forget(ActorRef<DataMessage> gateway) {
        Serving entry = serving.remove(gateway);
        if (entry != null) {
            getContext().unwatch(gateway);
            entry.rollout().tell(new Rollout.Cancel("its gateway is served no more"));
            retire(entry.order());
        }
        return this;
    }

    private Behavior<Command> retire(RolloutOrder order) {
        order.agents().values().forEach(agent -> tellRetire(agent, order.epoch()));
        return this;
    }

    private void tellRetire(ActorRef<NodeMessages.Step> agent, long epoch) {
        agent.tell(new Retire(epoch, getContext().getSystem().ignoreRef()));
    }

    /** Measured links between named places. */
    private static final class Links {
        private final List<Link> known = new ArrayList<>();

        List<Link> all() {
            return List.copyOf(known);
        }

        void add(List<Link> measured) {
            known.addAll(measured);
        }

        void forget(String place) {
            known.removeIf(link -> link.from().equals(place) || link.to().equals(place));
        }

        List<LinkSurvey.Candidate> unknown(Map<String, ActorRef<LinkProbe.Command>> probes) {
            List<LinkSurvey.Candidate> candidates = new ArrayList<>();
            probes.forEach((from, fromProbe) -> probes.forEach((to, toProbe) -> {
                boolean isKnown = known.stream()
                        .anyMatch(link -> link.from().equals(from) && link.to().equals(to));
                if (!from.equals(to) && !isKnown) {
                    candidates.add(new LinkSurvey.Candidate(from, fromProbe, to, toProbe));
                }
            }));
            return candidates;
        }
    }
}
