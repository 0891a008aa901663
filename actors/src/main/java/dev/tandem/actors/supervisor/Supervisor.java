package dev.tandem.actors.supervisor;

import dev.tandem.actors.gateway.GatewayMessages.Holdings;
import dev.tandem.actors.node.NodeMessages;
import dev.tandem.actors.protocol.ClusterView;
import dev.tandem.actors.supervisor.KnownNodes.KnownNode;
import dev.tandem.actors.supervisor.SupervisorMessages.Announce;
import dev.tandem.actors.supervisor.SupervisorMessages.AwaitNodes;
import dev.tandem.actors.supervisor.SupervisorMessages.Command;
import dev.tandem.actors.supervisor.SupervisorMessages.Deploy;
import dev.tandem.actors.supervisor.SupervisorMessages.DescribeCluster;
import dev.tandem.actors.supervisor.SupervisorMessages.DescribeStatus;
import dev.tandem.actors.supervisor.SupervisorMessages.FramesLost;
import dev.tandem.actors.supervisor.SupervisorMessages.GatewayRef;
import dev.tandem.actors.supervisor.SupervisorMessages.PeerLost;
import dev.tandem.actors.supervisor.SupervisorMessages.Register;
import dev.tandem.actors.supervisor.SupervisorMessages.Reload;
import dev.tandem.actors.supervisor.SupervisorMessages.Undeploy;
import dev.tandem.core.adapt.CoreGroupSpeeds;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.topology.Node;
import dev.tandem.inference.runtime.BackgroundThread;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.japi.function.Function;

/**
 * The cluster's one supervisor, a singleton: knows the nodes and the links between them, has plans made, and puts them in
 * place. No request and no feature map passes through it.
 *
 * <p>Orders are carried out one after the other. What it knows it has from the nodes, which register again and again, and
 * from the gateways, which announce what they serve: a new incarnation takes over what is in place, and puts back what was
 * lost while there was none.
 */
public final class Supervisor extends AbstractBehavior<Command> {

    /** Name of the singleton. */
    public static final String NAME = "supervisor";

    /**
     * Bounds of a supervisor.
     *
     * @param rolloutTimeout until a rollout is given up
     * @param drainTimeout until an old epoch is retired although requests are still in it
     * @param settling for nodes to register with a new supervisor before what they should hold counts as lost
     * @param window requests in flight per edge, at least; plans with edges past several stages get more
     * @param watching from one look at what serves to the next
     */
    public record Limits(
            Duration rolloutTimeout,
            Duration drainTimeout,
            Duration settling,
            int window,
            RuntimeCosts costs,
            Duration watching) {

        private static final int PAUSE_LOOKS = 6;

        /** Until what can wait is done after a loss or a new plan: requests that had to wait have been answered by then. */
        Duration pause() {
            return watching.multipliedBy(PAUSE_LOOKS);
        }
    }

    private record AgentStopped(String node, ActorRef<NodeMessages.Step> agent) implements Command {}

    private record AskerGone(ActorRef<ClusterView> asker) implements Command {}

    private record EndOfGateway(GatewayRef gateway) implements Command {}

    private final KnownMembers members = new KnownMembers();
    private final NodeAwaiters awaiters = new NodeAwaiters();
    private final ExecutorService background;
    private final Planning planning;
    private final Deployments deployments;
    private final PolicyChanges policyChanges;
    private final Rebalancing rebalancing;
    private final Contingencies contingencies;
    private final Reloads reloads;
    private final Adoption adoption;
    private final Departures departures;
    private final Losses losses;

    /**
     * A supervisor that knows nobody yet.
     *
     * @param policy of the member that the supervisor is on, asked when it starts
     */
    public static Behavior<Command> create(Limits limits, Supplier<PlanPolicy> policy) {
        return create(limits, policy, Optional.empty());
    }

    /**
     * The same, whose decisions on plans that serve are recorded.
     *
     * @param decisions file to which lines are added
     */
    public static Behavior<Command> create(Limits limits, Supplier<PlanPolicy> policy, Optional<Path> decisions) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new Supervisor(context, timers, limits, policy.get(), decisions)));
    }

    private Supervisor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Limits limits,
            PlanPolicy policy,
            Optional<Path> decisions) {
        super(context);
        context.setLoggerName(Supervisor.class);
        CoreGroupSpeeds speeds = new CoreGroupSpeeds();
        Executor blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
        this.background = BackgroundThread.executor("tandem-foresight");
        ServedEpochs epochs = new ServedEpochs(context.getSystem().ignoreRef());
        this.planning = new Planning(members, epochs, speeds, limits.costs(), blocking, background, policy);
        this.deployments = new Deployments(context, limits, members, epochs, planning);
        this.losses = new Losses(deployments, limits.drainTimeout(), context.getLog());
        this.policyChanges = new PolicyChanges(context, members, planning, deployments);
        this.rebalancing = new Rebalancing(
                context,
                timers,
                limits.watching(),
                members,
                speeds,
                planning,
                deployments,
                decisions.map(path -> new DecisionRecorder(path, blocking)));
        this.contingencies = new Contingencies(context, members, planning, deployments, limits.pause());
        this.reloads = new Reloads(context);
        this.adoption = new Adoption(context, limits.settling(), members, deployments, losses);
        this.departures = new Departures(context, deployments);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onSignal(PostStop.class, signal -> onPostStop())
                .onMessage(Register.class, by(this::onRegister))
                .onMessage(AgentStopped.class, by(this::onAgentStopped))
                .onMessage(PeerLost.class, by(this::onPeerLost))
                .onMessage(FramesLost.class, by(losses::onFramesLost))
                .onMessage(
                        DescribeCluster.class, by(describe -> describe.replyTo().tell(members.view())))
                .onMessage(DescribeStatus.class, by(this::onDescribeStatus))
                .onMessage(AwaitNodes.class, by(this::onAwaitNodes))
                .onMessage(AskerGone.class, by(gone -> awaiters.remove(gone.asker())))
                .onMessage(Announce.class, by(this::onAnnounce))
                .onMessage(EndOfGateway.class, by(this::onEndOfGateway))
                .onMessage(Holdings.class, by(this::onHoldings))
                .onMessage(Adoption.Settled.class, by(adoption::onSettled))
                .onMessage(Deploy.class, by(deployments::onDeploy))
                .onMessage(Deployments.Overdue.class, by(deployments::onOverdue))
                .onMessage(Undeploy.class, by(deployments::onUndeploy))
                .onMessage(JobUnderWay.SurveyEnded.class, by(deployments.underWay()::onSurveyEnded))
                .onMessage(JobUnderWay.PlanMade.class, by(deployments.underWay()::onPlanMade))
                .onMessage(JobUnderWay.PlanFailed.class, by(deployments.underWay()::onPlanFailed))
                .onMessage(JobUnderWay.RolloutEnded.class, by(deployments.underWay()::onRolloutEnded))
                .onMessage(Deployments.GatewaySaid.class, by(losses::onGatewaySaid))
                .onMessage(JobUnderWay.DrainOverdue.class, by(losses::onDrainOverdue))
                .onMessage(JobUnderWay.Begin.class, by(begin -> deployments.startNext()))
                .onMessage(Recoveries.Resume.class, by(deployments::onResume))
                .onMessage(Departures.Evacuated.class, by(departures::onEvacuated))
                .onMessage(Reload.class, by(reloads::onReload))
                .onMessage(Reloads.RoundOver.class, by(over -> reloads.onRoundOver()))
                .onMessage(PolicyChanges.Change.class, by(policyChanges::onChange))
                .onMessage(PolicyChanges.LinksKnown.class, by(policyChanges::onLinksKnown))
                .onMessage(PolicyChanges.Tried.class, by(policyChanges::onTried))
                .onMessage(PolicyChanges.Ended.class, by(policyChanges::onEnded))
                .onMessage(Rebalancing.Tick.class, by(tick -> onTick()))
                .onMessage(Rebalancing.Heard.class, by(rebalancing::onHeard))
                .onMessage(LinkChecks.Checked.class, by(rebalancing::onLinksChecked))
                .onMessage(Rebalancing.Scored.class, by(rebalancing::onScored))
                .onMessage(Rebalancing.NotScored.class, by(rebalancing::onNotScored))
                .onMessage(Rebalancing.LinksKnown.class, by(rebalancing::onLinksKnown))
                .onMessage(Rebalancing.Rated.class, by(rebalancing::onRated))
                .onMessage(Rebalancing.NotRated.class, by(rebalancing::onNotRated))
                .onMessage(Rebalancing.MoveEnded.class, by(rebalancing::onMoveEnded))
                .onMessage(Contingencies.Made.class, by(contingencies::onMade))
                .onMessage(Contingencies.NotMade.class, by(contingencies::onNotMade))
                .onMessage(Contingencies.MoveEnded.class, by(contingencies::onMoveEnded))
                .build();
    }

    private Behavior<Command> onPostStop() {
        background.shutdownNow();
        return this;
    }

    private void onTick() {
        rebalancing.onTick();
        contingencies.onTick();
    }

    /** A handler after which the supervisor goes on as it is. */
    private <M> Function<M, Behavior<Command>> by(Consumer<M> handler) {
        return message -> {
            handler.accept(message);
            return this;
        };
    }

    private void onRegister(Register register) {
        KnownNodes nodes = members.nodes();
        if (nodes.isStale(register) || nodes.isTaken(register)) {
            return;
        }
        Optional<KnownNode> before = nodes.put(register);
        nodes.takeRival(register.report().node().id()).ifPresent(rival -> refuse(rival, register));
        deployments.sawEpoch(register.report().lastEpoch());
        if (before.filter(node -> node.agent().equals(register.agent())).isEmpty()) {
            onNewNode(register, before);
        }
        if (register.report().isLeaving()) {
            departures.onLeaving(register);
        }
    }

    private static void refuse(Register rival, Register holder) {
        String reason = "another node named " + holder.report().node().id() + " lives at "
                + holder.agent().path().address() + ". Maybe set tandem.node.name to a name of its own.";
        rival.notices().tell(new NodeMessages.NameTaken(reason));
    }

    private void onNewNode(Register register, Optional<KnownNode> before) {
        Node described = register.report().node();
        String name = described.id();
        members.links().lose(name);
        getContext().watchWith(register.agent(), new AgentStopped(name, register.agent()));
        getContext().getLog().info("node {} registered: {}", name, NodeText.of(described));
        before.ifPresent(node -> {
            getContext().unwatch(node.agent());
            losses.loseNode(name, "node " + name + " was lost: it has been started again");
        });
        answerAwaiting();
        rebalancing.onNewNode(name);
        deployments.resumeAll();
    }

    private void onDescribeStatus(DescribeStatus describe) {
        ClusterSnapshot known = new ClusterSnapshot(
                Cluster.get(getContext().getSystem()),
                members,
                deployments.epochs(),
                planning.policy(),
                rebalancing.insight());
        getContext()
                .spawnAnonymous(StatusSurvey.create(known, members.gateways().all(), describe.replyTo()));
    }

    private void onAwaitNodes(AwaitNodes await) {
        awaiters.add(await);
        getContext().watchWith(await.replyTo(), new AskerGone(await.replyTo()));
        answerAwaiting();
    }

    private void answerAwaiting() {
        awaiters.answer(members.view()).forEach(getContext()::unwatch);
    }

    private void onAnnounce(Announce announce) {
        GatewayRef gateway = announce.gateway();
        deployments.sawEpoch(announce.lastGiven());
        if (members.gateways().add(gateway)) {
            getContext().watchWith(gateway.gateway(), new EndOfGateway(gateway));
        }
        adoption.onAnnounce(announce);
        contingencies.onAnnounce(announce);
        deployments.startNext();
    }

    private void onHoldings(Holdings holdings) {
        if (members.gateways().contains(holdings.gateway().gateway())) {
            adoption.onHoldings(holdings);
        }
    }

    /**
     * A member whose part in the cluster ends sees all others removed, and this actor may still be there: none of them is lost, and
     * what serves is the next supervisor's.
     */
    private boolean hasLeftTheCluster() {
        Cluster cluster = Cluster.get(getContext().getSystem());
        MemberStatus status = cluster.selfMember().status();
        return cluster.isTerminated() || status.equals(MemberStatus.exiting()) || status.equals(MemberStatus.down());
    }

    private void onEndOfGateway(EndOfGateway end) {
        if (hasLeftTheCluster()) {
            return;
        }
        members.gateways().remove(end.gateway());
        deployments.withdraw(end.gateway().gateway(), "the gateway has stopped");
        deployments.standIns().forget(end.gateway().gateway());
        if (!members.gateways().isNamed(end.gateway().node())) {
            members.links().forget(end.gateway().node());
        }
    }

    private void onPeerLost(PeerLost lost) {
        boolean isThere = members.nodes().isIncarnation(lost.peer(), lost.incarnation());
        if (isCredible(lost, isThere)) {
            String why = lost.reason() + " (said " + lost.reportedBy() + ")";
            if (isThere) {
                lose(lost.peer(), why);
            } else {
                losses.loseIncarnation(lost.peer(), lost.incarnation(), "node " + lost.peer() + " was lost: " + why);
            }
        }
    }

    /** Reports can be late: from a member that was itself cut off, about a node before it started again, of a link unused. */
    private boolean isCredible(PeerLost lost, boolean isThere) {
        boolean isKnown = members.nodes().contains(lost.reportedBy())
                || members.gateways().isNamed(lost.reportedBy());
        return isKnown && deployments.ties(lost, isThere);
    }

    private void onAgentStopped(AgentStopped stopped) {
        if (members.nodes().isAgent(stopped.node(), stopped.agent()) && !hasLeftTheCluster()) {
            lose(stopped.node(), "its agent has stopped");
        }
    }

    private void lose(String name, String why) {
        members.nodes().remove(name).ifPresent(lost -> {
            String reason = "node " + name + " was lost: " + why;
            getContext().getLog().warn("{}", reason);
            getContext().unwatch(lost.agent());
            members.links().lose(name);
            rebalancing.onLostNode(name);
            departures.forget(name);
            losses.loseNode(name, reason);
        });
    }
}
